extension RunReport {
  /// One step of the run. A value that was not measured is nil; one that is not finite leaves a gap in its curve.
  public struct Step: Sendable, Equatable {
    public var step: Int
    /// Nats per label token.
    public var forgetLoss: Double?
    /// Nats per label token.
    public var retainLoss: Double?
    public var learningRate: Double?
    /// The step left the retain budget and was undone.
    public var rolledBack: Bool

    public init(
      step: Int, forgetLoss: Double? = nil, retainLoss: Double? = nil, learningRate: Double? = nil,
      rolledBack: Bool = false
    ) {
      self.step = step
      self.forgetLoss = forgetLoss
      self.retainLoss = retainLoss
      self.learningRate = learningRate
      self.rolledBack = rolledBack
    }
  }

  /// Rows, and where they were counted tokens, of one task in one set.
  public struct RowCount: Sendable, Equatable {
    /// The set's name, such as `forget_train`.
    public var set: String
    public var task: String
    public var rows: Int
    public var tokens: Int?

    public init(set: String, task: String, rows: Int, tokens: Int? = nil) {
      self.set = set
      self.task = task
      self.rows = rows
      self.tokens = tokens
    }
  }
}
