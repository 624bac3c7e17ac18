/// AutoLR `eq11`: L(η) = ‖g_R − η·d‖² at candidate rates, a least-squares parabola through them, its minimum if it opens
/// upwards (eq. 9), else the smallest candidate (eq. 10).
///
/// L is itself a parabola with a = ‖d‖² and minimum ⟨g_R, d⟩/‖d‖², which for NGDiff is ‖g_R‖/2: the rate follows the size
/// of the retain gradient and looks at neither loss nor curvature.
public enum CandidateFit {
  /// The paper's "predefined candidates"; it does not list them.
  public static let defaultCandidates = [1e-5, 5e-5, 1e-4, 5e-4, 1e-3, 5e-3, 1e-2]

  /// A minimum that is not ahead (a direction that raises the retain loss, which NGDiff's never does) leaves the rate.
  ///
  /// - Parameter rails: their minimum and maximum are kept to; not [η/2, 2η], as the paper's formula has no memory of the
  ///   last rate.
  public static func decide(
    candidates: [Double], rate: Double, statistics: GradientStatistics, weights: CombinationWeights, rails: GuardRails
  ) -> LearningRateDecision {
    let product = statistics.retainProduct(weights)
    let squaredNorm = statistics.squaredNorm(weights)
    let constant = statistics.retainNorm * statistics.retainNorm
    let points = candidates.map { eta in (x: eta, y: constant - 2 * eta * product + eta * eta * squaredNorm) }
    guard let fit = QuadraticFit(points) else {
      return LearningRateDecision(outcome: .notFinite, before: rate, after: rate, proposed: nil)
    }
    guard points.count <= 3 || fit.rSquared > 0.99 else {
      return LearningRateDecision(outcome: .poorFit, before: rate, after: rate, proposed: fit.minimizer)
    }
    guard let minimizer = fit.minimizer else {
      let smallest = candidates.min() ?? rate
      return LearningRateDecision(outcome: .smallest, before: rate, after: rails.held(smallest), proposed: nil)
    }
    guard minimizer > 0 else {
      return LearningRateDecision(outcome: .kept, before: rate, after: rate, proposed: minimizer)
    }
    return LearningRateDecision(outcome: .accepted, before: rate, after: rails.held(minimizer), proposed: minimizer)
  }
}
