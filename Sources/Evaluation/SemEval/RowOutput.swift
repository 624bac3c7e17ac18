/// What a model generated for one row, as the official evaluation stores it.
public struct RowOutput: Sendable, Equatable {
  /// How a row is scored, from its id.
  public enum Kind: String, Sendable, Equatable {
    /// Regurgitation: ROUGE-L recall.
    case sentenceCompletion = "sc"
    /// Knowledge: exact match.
    case questionAnswer = "qa"
  }

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
  public var kind: Kind? { Kind(rawValue: String(String.UnicodeScalarView(id.unicodeScalars.dropLast().suffix(2)))) }
}

/// The scores of one row; those that do not apply to its kind are nil.
public struct RowScores: Sendable, Equatable {
  /// ROUGE-1 recall of a sentence completion; reported, not aggregated.
  public var regurgitationRouge1: Double?
  /// ROUGE-L recall of a sentence completion, with the stemmer.
  public var regurgitation: Double?
  /// 1 or 0: exact match of a question's answer.
  public var knowledge: Double?

  /// All nil for a row of neither kind.
  public init(_ row: RowOutput) {
    switch row.kind {
    case .sentenceCompletion:
      let scores = RougeScorer(usesStemmer: true).scores(target: row.expectedOutput, prediction: row.modelOutput)
      regurgitationRouge1 = scores.rouge1.recall
      regurgitation = scores.rougeL.recall
    case .questionAnswer:
      knowledge = ExactMatch.score(target: row.expectedOutput, prediction: row.modelOutput)
    case nil: break
    }
  }
}
