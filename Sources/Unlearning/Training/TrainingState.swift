import Basics

/// Everything of a run that changes from step to step, beside the tensors: saved and restored as one value.
public struct TrainingState: Sendable, Equatable, Codable {
  /// Steps done.
  public var step = 0
  /// Whether no step has gone anywhere yet, so that the model still is the start model.
  public var isAtStart = true
  public var learningRate: Double
  /// Factor on learning rates that are not adapted, halved by the retain budget.
  public var rateFactor = 1.0
  /// λ of the combiner `primal-dual`.
  public var dual = 1.0
  public var retainStream: BatchStream?
  public var forgetStream: BatchStream?
  /// Forget rows that were let go when they were last looked at, and sit out their next turn.
  public var restingRows: Set<Int>?
  /// Draws retain rows that match the forget batch, when they are to.
  public var matchedStream: MatchedStream?
  /// Held-out retain loss before the first step.
  public var budgetBaseline: Double?
  public var budgetStrikes = 0
  /// After a rolled-back step: steps go to the retain rows alone, and no forget row is drawn, until half of the budget is
  /// free again.
  public var isRepairing = false
  /// Median of the unseen documents' mean losses when it was last taken.
  public var unseenLoss: Double?
  /// Steps in a row in which every forget row had reached the bound.
  public var quietSteps = 0
  /// Forget losses of the latest batches, oldest first.
  public var recentForgetLosses: [Double] = []
  /// Sum and count of the training losses of the current epoch.
  public var epochLoss = 0.0
  public var epochBatches = 0
  /// Tokens that went through a training pass.
  public var tokens = 0
  /// Bytes of the event log when the state was saved.
  public var eventOffset = 0
  /// Seconds of training until the state was saved.
  public var seconds: Double?
  /// Why the run ended, once it has.
  public var stopReason: StopReason?

  public init(learningRate: Double) { self.learningRate = learningRate }

  /// Whether a run whose state at its start is `fresh` can have come to this one. What a file holds is not believed.
  func fits(_ fresh: TrainingState, totalSteps: Int) -> Bool {
    func continues<Stream>(_ one: Stream?, _ other: Stream?, _ check: (Stream, Stream) -> Bool) -> Bool {
      if let one, let other { return check(one, other) }
      return one == nil && other == nil
    }
    let counts = [budgetStrikes, quietSteps, epochBatches, tokens, eventOffset]
    return (0...max(0, totalSteps)).contains(step) && counts.allSatisfy { (0..<1 << 53).contains($0) }
      && learningRate.isFinite && learningRate >= 0 && rateFactor.isFinite && rateFactor >= 0
      && continues(retainStream, fresh.retainStream) { $0.continues($1) }
      && continues(forgetStream, fresh.forgetStream) { $0.continues($1) }
      && continues(matchedStream, fresh.matchedStream) { $0.continues($1) }
  }
}

/// Why training ended.
public enum StopReason: String, Sendable, Codable {
  /// All steps were done.
  case steps
  /// The forget loss reached its target, every forget row its bound, or the model says as little of them as was wanted.
  case forgetTarget = "forget-target"
  /// The training loss fell to its target.
  case trainingTarget = "training-target"
  /// The retain budget was hit as often as allowed.
  case retainBudget = "retain-budget"
}
