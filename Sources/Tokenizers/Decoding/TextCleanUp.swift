/// Replacements that undo the spaces which tokenizers for English leave before punctuation.
struct TextCleanUp: Sendable {
  private let replacements: [(pattern: TextPattern, content: [UInt8])]

  private init(_ replacements: [(String, String)]) {
    self.replacements = replacements.map { (.literal(Array($0.0.utf8)), Array($0.1.utf8)) }
  }

  /// `clean_up_tokenization_spaces=True` of the Hugging Face libraries.
  static let tokenizationSpaces = TextCleanUp([
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"),
    (" 've", "'ve"), (" 're", "'re"),
  ])

  /// The `cleanup` of the decoder `WordPiece`, which has one rule more.
  static let wordPiece = TextCleanUp([
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
    (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ])

  /// Each replacement over the whole text, one after the other.
  func apply(_ text: [UInt8]) -> [UInt8] {
    replacements.reduce(text) { $1.pattern.replacing($0, with: $1.content) }
  }
}
