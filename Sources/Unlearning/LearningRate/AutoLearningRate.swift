/// What an adaptive policy may look at when it chooses the step size of one step.
public struct StepProbe {
  public let statistics: GradientStatistics
  public let weights: CombinationWeights
  /// The retain loss at θ, of the same rows that ``retainLoss`` is of.
  public let currentLoss: () throws -> Double
  /// Nats a token that the retain budget allows the loss to rise; nil without one.
  public let allowance: Double?
  /// The retain loss at θ − distance·u, u being the update that the step will make. One forward pass.
  public let retainLoss: (_ distance: Double) throws -> Double

  public init(
    statistics: GradientStatistics, weights: CombinationWeights, currentLoss: @escaping () throws -> Double,
    allowance: Double? = nil,
    retainLoss: @escaping (Double) throws -> Double
  ) {
    self.statistics = statistics
    self.weights = weights
    self.currentLoss = currentLoss
    self.allowance = allowance
    self.retainLoss = retainLoss
  }
}

/// The three modes of AutoLR.
public enum AutoLearningRateMode: String, Sendable, CaseIterable {
  /// A parabola through the retain loss on both sides of θ (Bu et al. 2024, Algorithm 1; GeN).
  case gen
  /// The paper's own formula (eqs 9–11), which looks at gradients alone.
  case eq11
  /// The given learning rate, with warm-up and schedule.
  case fixed
}

/// What one fit of the learning rate did, for the run's log.
public struct LearningRateDecision: Sendable, Equatable {
  public enum Outcome: String, Sendable {
    /// The fit's minimum was taken, within the guard rails.
    case accepted
    /// The probes moved the loss by next to nothing: the rate doubles.
    case flat
    /// The parabola does not open upwards, or its minimum lies behind: the rate stays.
    case kept
    /// The parabola does not open upwards: the smallest candidate is taken (eq. 10).
    case smallest
    /// The loss was not finite at a probe: the rate stays.
    case notFinite = "not-finite"
    /// More than three points and R² ≤ 0.99: the rate stays.
    case poorFit = "poor-fit"
  }

  public let outcome: Outcome
  public let before: Double
  public let after: Double
  /// The fit's own minimum before the guard rails.
  public let proposed: Double?
}
