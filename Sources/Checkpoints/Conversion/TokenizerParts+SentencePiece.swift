import Basics

extension TokenizerParts {
  /// BPE from SentencePiece, as Llama 2 has it: spaces are `▁`, unknown characters fall back to bytes.
  static func sentencePiece(_ file: GGUFFile, _ vocabulary: GGUFVocabulary) throws -> TokenizerParts {
    let table = TokenTable(vocabulary.tokens)
    let pairs: [(String, String)]
    if let lines = vocabulary.merges {
      pairs = try merges(lines, table, file)
    } else {
      guard let scores = vocabulary.scores else {
        throw Failure(.badData, at: file.location("tokenizer.ggml.scores"), "the key is missing")
      }
      pairs = try impliedMerges(vocabulary.tokens, scores, table, file)
    }
    return TokenizerParts(
      preTokenizer: ["type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": false],
      decoder: [
        "type": "Sequence",
        "decoders": [
          ["type": "Replace", "pattern": ["String": "▁"], "content": " "], ["type": "ByteFallback"], ["type": "Fuse"],
          ["type": "Strip", "content": " ", "start": 1, "stop": 0],
        ],
      ],
      model: model(table.document(vocabulary.tokens), pairs, affix: .null, isSentencePiece: true), table: table,
      customary: ["<unk>", "<s>", "</s>"], canAdd: { _ in true })
  }

  /// The merges that the vocabulary implies: every way to make a token of two others, best score first, then longer
  /// parts first, then the order of the vocabulary.
  private static func impliedMerges(
    _ tokens: [String], _ scores: [Double], _ table: TokenTable, _ file: GGUFFile
  ) throws -> [(String, String)] {
    struct Merge {
      let pair: (left: String, right: String)
      let score: Double
      let lengths: (left: Int, right: Int)
    }
    var merges: [Merge] = []
    var seen: Set<[UInt8]> = []
    for (position, token) in tokens.enumerated() {
      let scalars = Array(token.unicodeScalars)
      guard scalars.count <= 1024 else {
        throw Failure(
          .badData, at: file.location("tokenizer.ggml.tokens"),
          "token \(position) has \(scalars.count) characters; expected at most 1024")
      }
      // Of equal tokens the first has the place, the last the id and the score.
      guard seen.insert(Array(token.utf8)).inserted, let id = table[token] else { continue }
      var found: [(merge: Merge, ids: (Int, Int))] = []
      var left = String.UnicodeScalarView()
      for cut in scalars.indices.dropFirst() {
        left.append(scalars[cut - 1])
        let leftText = String(left)
        guard let leftId = table[leftText] else { continue }
        let rightText = String(String.UnicodeScalarView(scalars[cut...]))
        guard let rightId = table[rightText] else { continue }
        let merge = Merge(
          pair: (leftText, rightText), score: scores[id], lengths: (cut, scalars.count - cut))
        found.append((merge, (leftId, rightId)))
      }
      merges += found.sorted { $0.ids < $1.ids }.map(\.merge)
    }
    let order = merges.indices.sorted { first, second in
      let (a, b) = (merges[first], merges[second])
      if a.score != b.score { return a.score > b.score }
      if a.lengths != b.lengths { return a.lengths > b.lengths }
      return first < second
    }
    return order.map { merges[$0].pair }
  }
}
