import Basics

/// NGDiff (paper eq. 8; Bu et al. 2024, arXiv 2410.22086): d = g_R/‖g_R‖ − g_F/‖g_F‖.
///
/// Always ⟨g_R, d⟩ ≥ 0 ≥ ⟨g_F, d⟩, so that a small step never raises the retain loss nor lowers the forget loss.
public struct NormalizedGradientDifference: GradientCombiner {
  public init() {}

  /// - Throws: ``Failure`` when a gradient is zero or not finite: there is nothing to normalise then.
  public func weights(_ statistics: GradientStatistics) throws -> CombinationWeights {
    for (name, norm) in [("retain", statistics.retainNorm), ("forget", statistics.forgetNorm)] {
      guard norm.isFinite, norm > 0 else {
        throw Failure(
          .fault,
          "step \(statistics.step): the norm of the \(name) gradient is \(norm); nothing can be normalised by it",
          hint: norm == 0
            ? "the \(name) loss does not depend on the trainable parameters: check the data and --tuning"
            : "the loss has diverged: lower the learning rate, or use --dtype float32")
      }
    }
    return CombinationWeights(retain: 1 / statistics.retainNorm, forget: 1 / statistics.forgetNorm)
  }
}
