import Basics

/// The parts of `tokenizer.json` that depend on the kind of vocabulary.
struct TokenizerParts {
  var normalizer: JSONValue = .null
  let preTokenizer: JSONValue
  let decoder: JSONValue
  let model: JSONValue
  /// The vocabulary as the model spells it.
  let table: TokenTable
  /// Tokens of a role that the kind of tokenizer brings along: special where the vocabulary has them.
  let customary: [String]
  /// Whether a token that the file marks is matched whole.
  let canAdd: (String) -> Bool

  /// The tokens matched whole, by id: what the file marks as control or user-defined, and every token with a role.
  func added(_ vocabulary: GGUFVocabulary, _ special: GGUFSpecialTokens) -> [AddedToken] {
    var added: [Int: AddedToken] = [:]
    func add(_ text: String, isSpecial: Bool) {
      guard let id = table[text], added[id] == nil else { return }
      added[id] = AddedToken(id: id, text: text, isSpecial: isSpecial)
    }
    for text in customary { add(text, isSpecial: true) }
    for id in vocabulary.ids(.control) where canAdd(vocabulary.tokens[id]) {
      add(vocabulary.tokens[id], isSpecial: true)
    }
    for id in vocabulary.ids(.userDefined) { add(vocabulary.tokens[id], isSpecial: false) }
    for role in special.roles { add(role.token.text, isSpecial: true) }
    return added.values.sorted { $0.id < $1.id }
  }

  static func model(
    _ vocabulary: JSONValue, _ merges: [(String, String)], affix: JSONValue, isSentencePiece: Bool
  ) -> JSONValue {
    [
      "type": "BPE",
      "dropout": nil,
      "unk_token": nil,
      "continuing_subword_prefix": affix,
      "end_of_word_suffix": affix,
      "fuse_unk": .bool(isSentencePiece),
      "byte_fallback": .bool(isSentencePiece),
      "ignore_merges": false,
      "vocab": vocabulary,
      "merges": .array(merges.map { [.string($0.0), .string($0.1)] }),
    ]
  }

  /// The file's merges as pairs; both parts and their union must be tokens.
  static func merges(_ lines: [String], _ table: TokenTable, _ file: GGUFFile) throws -> [(String, String)] {
    try lines.enumerated().map { index, line in
      let bytes = line.utf8
      guard let space = bytes.firstIndex(of: UInt8(ascii: " ")) else { throw damaged(index, file) }
      let (left, right) = (bytes[..<space], bytes[bytes.index(after: space)...])
      guard table[left] != nil, table[right] != nil, table[Array(left) + Array(right)] != nil else {
        throw damaged(index, file)
      }
      return (String(Substring(left)), String(Substring(right)))
    }
  }

  private static func damaged(_ index: Int, _ file: GGUFFile) -> Failure {
    Failure(
      .badData, at: file.location("tokenizer.ggml.merges"),
      "merge \(index): expected two tokens of the vocabulary, with a space between them, that make a third")
  }
}
