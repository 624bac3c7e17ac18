import Datasets

/// What a model generated for one row, as the official evaluation stores it.
public struct RowOutput: Sendable, Equatable {
  /// Kept verbatim; some ids hold double quotes.
  public var id: String
  public var task: String
  public var input: String
  public var expectedOutput: String
  public var modelOutput: String
  /// Mean loss of the expected output's tokens, in nats.
  public var nll: Double?

  public init(
    id: String, task: String, input: String, expectedOutput: String, modelOutput: String, nll: Double? = nil
  ) {
    self.id = id
    self.task = task
    self.input = input
    self.expectedOutput = expectedOutput
    self.modelOutput = modelOutput
    self.nll = nll
  }

  /// What the id ends in before its last character; nil when that is neither `sc` nor `qa`.
  public var kind: Row.Kind? { Row.Kind(id: id) }
}

/// The scores of one row; those that do not apply to its kind are nil.
public struct RowScores: Sendable, Equatable {
  /// ROUGE-1 recall of a sentence completion; reported, not aggregated.
  public var regurgitationRouge1: Double?
  /// ROUGE-L recall of a sentence completion, with the stemmer.
  public var regurgitation: Double?
  /// 1 or 0: exact match of a question's answer.
  public var knowledge: Double?

  public init(regurgitationRouge1: Double? = nil, regurgitation: Double? = nil, knowledge: Double? = nil) {
    self.regurgitationRouge1 = regurgitationRouge1
    self.regurgitation = regurgitation
    self.knowledge = knowledge
  }

  /// All nil for a row of neither kind.
  public init(_ row: RowOutput) {
    self.init(kind: row.kind, expected: row.expectedOutput, generated: row.modelOutput)
  }

  /// - Parameter kind: decides what is scored; nil scores nothing.
  public init(kind: Row.Kind?, expected: String, generated: String) {
    switch kind {
    case .sentenceCompletion:
      let scores = RougeScorer(usesStemmer: true).scores(target: expected, prediction: generated)
      regurgitationRouge1 = scores.rouge1.recall
      regurgitation = scores.rougeL.recall
    case .questionAnswer: knowledge = ExactMatch.score(target: expected, prediction: generated)
    case nil: break
    }
  }
}
