import Basics

/// The tokens that a GGUF file gives a role, and whether texts begin or end with them.
struct GGUFSpecialTokens {
  struct Token {
    let id: Int
    let text: String
  }

  let begin: Token?
  let end: Token?
  let unknown: Token?
  let padding: Token?
  let addsBegin: Bool
  let addsEnd: Bool

  /// - Parameter tokens: the file's vocabulary.
  init(_ file: GGUFFile, tokens: [String]) throws {
    func token(_ key: String) throws -> Token? {
      let key = "tokenizer.ggml.\(key)"
      guard let id = try file.int(key) else { return nil }
      guard tokens.indices.contains(id) else {
        throw Failure(.badData, at: file.location(key), "expected an id of 0 to \(tokens.count - 1), found \(id)")
      }
      return Token(id: id, text: tokens[id])
    }
    begin = try token("bos_token_id")
    end = try token("eos_token_id")
    unknown = try token("unknown_token_id")
    padding = try token("padding_token_id")
    let isSentencePiece = try file.string("tokenizer.ggml.model") == "llama"
    addsBegin = try file.bool("tokenizer.ggml.add_bos_token") ?? isSentencePiece
    addsEnd = try file.bool("tokenizer.ggml.add_eos_token") ?? false
  }

  /// Names as in `special_tokens_map.json`, and their tokens.
  var roles: [(name: String, token: Token)] {
    [("bos_token", begin), ("eos_token", end), ("unk_token", unknown), ("pad_token", padding)].compactMap {
      name, token in
      token.map { (name, $0) }
    }
  }
}
