import Basics

/// What one step did, for the event log and the progress bar. Numbers only: never text of a row.
public struct StepReport: Sendable, Equatable {
  public var step: Int
  public var retainLoss: Double?
  public var forgetLoss: Double?
  public var statistics: GradientStatistics?
  public var weights: CombinationWeights
  public var learningRate: Double
  public var decision: LearningRateDecision?
  /// Forget rows of the batch that had not reached the bound; nil without a bound.
  public var activeForgetRows: Int?
  /// Median of the unseen documents' mean losses when it was last taken.
  public var unseenLoss: Double?
  /// Mean ROUGE-L recall of continuations of forget rows, in the steps in which it was measured.
  public var regurgitation: Double?
  /// Loss on the budget's retain sample after the step.
  public var budgetLoss: Double?
  public var rolledBack = false
  public var tokens: Int

  /// The event, in the order in which a person reads it.
  public var event: JSONObject {
    var event = JSONObject([("event", "step"), ("step", .integer(step))])
    func add(_ key: String, _ value: Double?) {
      if let value, value.isFinite { event[key] = .number(value) }
    }
    add("retain_loss", retainLoss)
    add("forget_loss", forgetLoss)
    add("learning_rate", learningRate)
    if let statistics {
      add("retain_gradient_norm", statistics.retainNorm)
      if forgetLoss != nil { add("forget_gradient_norm", statistics.forgetNorm) }
      add("gradient_cosine", statistics.cosine)
      add("c", weights.retain / (weights.retain + weights.forget))
    }
    if let decision {
      event["fit"] = .string(decision.outcome.rawValue)
      add("fit_proposal", decision.proposed)
    }
    if let activeForgetRows { event["active_forget_rows"] = .integer(activeForgetRows) }
    add("unseen_loss", unseenLoss)
    add("regurgitation", regurgitation)
    add("budget_loss", budgetLoss)
    if rolledBack { event["rolled_back"] = true }
    event["tokens"] = .integer(tokens)
    return event
  }

  /// A short line for the progress bar.
  public var summary: String {
    let parts = [("retain", retainLoss), ("forget", forgetLoss)].compactMap { name, loss in
      loss.map { "\(name) \(fixed($0, 3))" }
    }
    return (parts + ["rate \(scientific(learningRate))"]).joined(separator: ", ")
  }
}
