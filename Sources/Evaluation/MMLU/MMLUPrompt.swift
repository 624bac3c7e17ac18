/// The prompt of the original evaluation: a header, solved examples, the question.
public enum MMLUPrompt {
  /// Longer prompts lose their last examples (the original's 2048).
  public static let maximumTokens = 2048
  public static let letters = ["A", "B", "C", "D"]

  /// - Parameters:
  ///   - subject: `abstract_algebra`.
  ///   - shots: how many of the examples are shown.
  public static func text(subject: String, examples: [MMLUQuestion], shots: Int, question: MMLUQuestion) -> String {
    // Two spaces after "about": the original pastes the subject behind a space of its own.
    let header =
      "The following are multiple choice questions (with answers) about  "
      + "\(subject.replacing("_", with: " ")).\n\n"
    let solved = examples.prefix(shots).map { "\(body($0)) \(letters[$0.answer])\n\n" }
    return header + solved.joined() + body(question)
  }

  private static func body(_ question: MMLUQuestion) -> String {
    let choices = zip(letters, question.choices).map { "\n\($0). \($1)" }
    return question.question + choices.joined() + "\nAnswer:"
  }
}
