import Basics

/// The tokens of a GGUF file with their kinds, merges and scores.
struct GGUFVocabulary {
  /// What a token is for, numbered as in the file.
  enum Kind: Int {
    case normal = 1
    case unknown = 2
    case control = 3
    case userDefined = 4
    case unused = 5
    case byte = 6
  }

  let tokens: [String]
  /// Empty when the file gives none.
  let kinds: [Kind]
  /// Nil when the file gives none.
  let merges: [String]?
  /// Nil when the file gives none.
  let scores: [Double]?

  init(_ file: GGUFFile) throws {
    let tokensKey = "tokenizer.ggml.tokens"
    guard let tokens = try file.strings(tokensKey), !tokens.isEmpty else {
      throw Failure(.badData, at: file.location(tokensKey), "expected at least one token, found none")
    }
    self.tokens = tokens
    kinds = try (file.ints("tokenizer.ggml.token_type") ?? []).map { number in
      guard let kind = Kind(rawValue: number) else {
        throw Failure(
          .badData, at: file.location("tokenizer.ggml.token_type"), "expected kinds of 1 to 6, found \(number)")
      }
      return kind
    }
    merges = try file.strings("tokenizer.ggml.merges")
    scores = try file.doubles("tokenizer.ggml.scores")
    for (key, count) in [("token_type", kinds.isEmpty ? nil : kinds.count), ("scores", scores?.count)] {
      guard let count, count != tokens.count else { continue }
      throw Failure(
        .badData, at: file.location("tokenizer.ggml.\(key)"),
        "expected one element for each of the \(tokens.count) tokens, found \(count)")
    }
  }

  /// Ids of the tokens of a kind, in order.
  func ids(_ kind: Kind) -> [Int] { kinds.indices.filter { kinds[$0] == kind } }
}

/// A token matched whole in the text before it is split.
struct AddedToken {
  let id: Int
  let text: String
  let isSpecial: Bool

  /// The fields of an `added_tokens` entry, `id` apart.
  var fields: [(String, JSONValue)] {
    [
      ("content", .string(text)), ("single_word", false), ("lstrip", false), ("rstrip", false), ("normalized", false),
      ("special", .bool(isSpecial)),
    ]
  }
}

/// Ids of tokens by their bytes; of equal tokens the last one counts.
struct TokenTable {
  private var ids: [[UInt8]: Int] = [:]

  init(_ tokens: [String]) {
    ids.reserveCapacity(tokens.count)
    for (id, token) in tokens.enumerated() { ids[Array(token.utf8)] = id }
  }

  subscript(token: some Sequence<UInt8>) -> Int? { ids[Array(token)] }
  subscript(token: String) -> Int? { ids[Array(token.utf8)] }

  /// The `vocab` of a model: every token with its id, in the order of the ids.
  func document(_ tokens: [String]) -> JSONValue {
    var object = JSONObject()
    for (id, token) in tokens.enumerated() where self[token] == id { object[token] = .integer(id) }
    return .object(object)
  }
}
