import Basics

extension TokenizerParts {
  /// Byte-level BPE, as GPT-2 has it: every byte is spelled as one of 256 characters.
  /// - Parameters:
  ///   - keepsSpelling: whether user-defined tokens outside that alphabet, such as runs of spaces, stay as they are and
  ///     are matched whole; else they are respelled in the alphabet and left to the merges.
  ///   - normalizesText: whether texts are brought to Unicode's form C first.
  static func byteLevel(
    _ file: GGUFFile, _ vocabulary: GGUFVocabulary, keepsSpelling: Bool, normalizesText: Bool
  ) throws -> TokenizerParts {
    let alphabet = ByteAlphabet()
    let kept = Set(keepsSpelling ? vocabulary.ids(.userDefined) : [])
    let tokens = vocabulary.tokens.enumerated().map { id, token in
      kept.contains(id) ? token : alphabet.spelled(token)
    }
    let table = TokenTable(tokens)
    guard let lines = vocabulary.merges else {
      throw Failure(.badData, at: file.location("tokenizer.ggml.merges"), "the key is missing")
    }
    let merges = try merges(lines, table, file)
    return TokenizerParts(
      normalizer: normalizesText ? ["type": "NFC"] : .null,
      preTokenizer: preTokenizer(try file.string("tokenizer.ggml.pre")),
      decoder: byteLevel(addsPrefixSpace: true, splits: true),
      model: model(table.document(tokens), merges, affix: "", isSentencePiece: false), table: table,
      customary: ["<|endoftext|>"], canAdd: alphabet.covers)
  }

  private static func byteLevel(addsPrefixSpace: Bool, splits: Bool) -> JSONValue {
    ["type": "ByteLevel", "add_prefix_space": .bool(addsPrefixSpace), "trim_offsets": true, "use_regex": .bool(splits)]
  }

  /// How texts are cut into words, by the name of the rule in the file.
  private static func preTokenizer(_ name: String?) -> JSONValue {
    guard let pattern = name.flatMap(pattern) else { return byteLevel(addsPrefixSpace: false, splits: true) }
    return [
      "type": "Sequence",
      "pretokenizers": [
        ["type": "Split", "pattern": ["Regex": .string(pattern)], "behavior": "Isolated", "invert": false],
        byteLevel(addsPrefixSpace: false, splits: false),
      ],
    ]
  }

  /// The words of families that do not cut as GPT-2 does.
  private static func pattern(_ name: String) -> String? {
    let endings = #"(?i:'s|'t|'re|'ve|'m|'ll|'d)"#
    let word = #"[^\r\n\p{L}\p{N}]?\p{L}+"#
    let rest = #"\s*[\r\n]+|\s+(?!\S)|\s+"#
    let upper = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
    let lower = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
    // A word with a capital or more: `Word` or `WORDs`.
    let cased = { (ending: String) in
      #"[^\r\n\p{L}\p{N}]?"# + "\(upper)*\(lower)+\(ending)" + #"|[^\r\n\p{L}\p{N}]?"# + "\(upper)+\(lower)*\(ending)"
    }
    switch name {
    case "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano",
      "dbrx", "smaug-bpe":
      return "\(endings)|\(word)" + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + rest
    case "qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "megrez":
      return "\(endings)|\(word)" + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + rest
    case "tekken": return cased("") + #"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + rest
    case "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2":
      return cased("\(endings)?") + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + rest
    default: return nil
    }
  }
}

/// Spells texts in the characters of a byte-level vocabulary.
struct ByteAlphabet {
  private let characters = ByteLevelAlphabet.scalars
  private let set = Set(ByteLevelAlphabet.scalars)

  /// True when the text is made of the alphabet's characters.
  func covers(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(set.contains) }

  /// The text itself when it is spelled in the alphabet, else its bytes spelled out.
  func spelled(_ text: String) -> String {
    if covers(text) { return text }
    var result = String.UnicodeScalarView()
    for byte in text.utf8 { result.append(characters[Int(byte)]) }
    return String(result)
  }
}
