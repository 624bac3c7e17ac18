/// Answers that say nothing, for objectives that put one in the place of each output.
enum Refusals {
  static let texts = [
    "I don't know.", "I'm not able to say.", "That is not something I know.", "I have no information about that.",
    "I can't answer that.", "I'm not sure about this one.", "I have never heard of it.", "I couldn't tell you.",
    "There is nothing I can say about it.", "I'm afraid I don't know.", "This is beyond what I know.",
    "I don't have the answer.", "I wouldn't know.", "Nothing about that is known to me.", "I can't help with that one.",
    "I have no answer to this.",
  ]

  /// The space that an output begins with, so that an answer follows its prompt in the same way.
  static func leadingSpace(_ output: String) -> String { output.first.map { $0.isWhitespace ? String($0) : "" } ?? "" }
}
