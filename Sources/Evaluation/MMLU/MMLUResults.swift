import Basics

/// Accuracies of MMLU: over all questions (micro mean), by category, sub-category and subject.
public struct MMLUResults: Sendable, Equatable {
  public struct Subject: Sendable, Equatable {
    public var name: String
    /// Indices of the questions asked, in the test file.
    public var questions: [Int]
    public var predictions: [Int]
    public var answers: [Int]

    public init(name: String, questions: [Int], predictions: [Int], answers: [Int]) {
      self.name = name
      self.questions = questions
      self.predictions = predictions
      self.answers = answers
    }

    var correct: Int { zip(predictions, answers).count { $0 == $1 } }
  }

  public struct Accuracy: Sendable, Equatable {
    public var name: String
    public var correct: Int
    public var questions: Int

    /// Not a number for no questions.
    public var value: Double { questions == 0 ? .nan : Double(correct) / Double(questions) }
  }

  public let shots: Int
  public let subjects: [Subject]
  /// Tokens that went through the model for it; a prefix that questions share counts once.
  public let tokens: Int

  public init(shots: Int, subjects: [Subject], tokens: Int = 0) {
    self.shots = shots
    self.subjects = subjects
    self.tokens = tokens
  }

  /// Over all questions.
  public var average: Accuracy { accuracy("average", of: subjects.map(\.name)) }
  /// The 4 categories.
  public var categories: [Accuracy] {
    MMLUSubject.categories.map { accuracy($0.name, of: $0.subcategories.flatMap(\.subjects)) }
  }
  /// The 17 sub-categories.
  public var subcategories: [Accuracy] {
    MMLUSubject.categories.flatMap { $0.subcategories.map { accuracy($0.name, of: $0.subjects) } }
  }

  private func accuracy(_ name: String, of names: [String]) -> Accuracy {
    let members = subjects.filter { names.contains($0.name) }
    return Accuracy(
      name: name, correct: members.reduce(0) { $0 + $1.correct },
      questions: members.reduce(0) { $0 + $1.questions.count })
  }

  /// `mmlu.json`: `average_acc` as the official evaluation names it, and everything it is made of.
  public var json: JSONObject {
    func table(_ accuracies: [Accuracy]) -> JSONValue {
      .object(
        JSONObject(
          accuracies.map {
            (
              $0.name,
              ["accuracy": .number($0.value), "correct": .integer($0.correct), "questions": .integer($0.questions)]
            )
          }))
    }
    return JSONObject([
      ("average_acc", .number(average.value)), ("shots", .integer(shots)), ("questions", .integer(average.questions)),
      ("categories", table(categories)), ("subcategories", table(subcategories)),
      ("subjects", table(subjects.map { accuracy($0.name, of: [$0.name]) })),
      (
        "predictions",
        .object(
          JSONObject(
            subjects.map { subject in
              let rows: [JSONValue] = zip(subject.questions, subject.predictions).map {
                .array([.integer($0), .integer($1)])
              }
              return (subject.name, .array(rows))
            }))
      ),
    ])
  }
}
