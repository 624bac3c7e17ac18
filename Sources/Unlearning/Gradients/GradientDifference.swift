/// α·g_R − γ·g_F (paper eq. 1, c·g_R − (1 − c)·g_F, with α = c and γ = 1 − c).
public struct GradientDifference: GradientCombiner {
  private let fixed: CombinationWeights

  public init(_ weights: CombinationWeights = CombinationWeights(retain: 0.5, forget: 0.5)) { fixed = weights }

  public func weights(_ statistics: GradientStatistics) -> CombinationWeights { fixed }
}
