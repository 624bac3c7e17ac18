import Basics

/// One question of TOFU with its answers.
public struct TOFURow: Sendable, Equatable {
  /// `id` where the file has one, else the row's number from 1.
  public var id: String
  public var question: String
  public var answer: String
  /// The answer in other words: what the truth ratio compares with, where there is one.
  public var paraphrasedAnswer: String?
  /// Wrong answers of the same form; at least one.
  public var perturbedAnswers: [String]

  public init(
    id: String, question: String, answer: String, paraphrasedAnswer: String? = nil, perturbedAnswers: [String]
  ) {
    self.id = id
    self.question = question
    self.answer = answer
    self.paraphrasedAnswer = paraphrasedAnswer
    self.perturbedAnswers = perturbedAnswers
  }

  /// Rows `{question, answer[, paraphrased_answer], perturbed_answer: [...]}`.
  /// - Throws: ``Failure`` naming file, line and field: a text that is missing or empty, no wrong answer, no row.
  public static func read(_ path: String) throws -> [TOFURow] {
    try JSONRecords.read(path).map { record in
      TOFURow(
        id: try record.identifier(), question: try record.text("question"), answer: try record.text("answer"),
        paraphrasedAnswer: try record.optionalText("paraphrased_answer"), perturbedAnswers: try perturbed(record))
    }
  }

  private static func perturbed(_ record: JSONRecord) throws -> [String] {
    let field = "perturbed_answer"
    let place = record.location.appending(field: field)
    guard try record.object().has(field) else {
      throw Failure(
        .badData, at: place, "the field is missing",
        hint: "the truth ratio needs wrong answers: use the *_perturbed file")
    }
    let answers = try record.object().array(field, at: record.location)
    guard !answers.isEmpty else {
      throw Failure.mismatch(at: place, expected: "at least one wrong answer", found: "an empty array")
    }
    return try answers.enumerated().map { index, value in
      guard let text = value.stringValue, !text.isEmpty else {
        throw Failure.mismatch(
          at: record.location.appending(field: "\(field)[\(index)]"), expected: "text",
          found: value.stringValue == nil ? value.kindName : "an empty string")
      }
      return text
    }
  }
}
