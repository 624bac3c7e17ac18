import Basics
import Evaluation

/// What a run gave, for the person who started it.
public struct RunOutcome: Sendable {
  public enum Ending: Sendable, Equatable {
    case finished(StopReason)
    /// A signal or the time budget; `--resume` goes on.
    case interrupted
    /// The run was finished already.
    case alreadyDone
  }

  public var folder: String
  public var ending: Ending
  public var steps = 0
  /// Of training, over all sessions of the run.
  public var seconds = 0.0
  /// Tokens through a training pass, a second of these.
  public var tokensPerSecond = 0.0
  /// The written adapter or model folder.
  public var written: String?
  public var before: EvaluationSummary?
  public var after: EvaluationSummary?
  /// Of a model that never saw the forget set, where one was given.
  public var reference: EvaluationSummary?
}
