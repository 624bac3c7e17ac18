/// IMTL-G (Liu et al. 2021): weights that sum to one and make the projections of d on both tasks equal. For two tasks
/// they are ‖g_F‖/(‖g_R‖ + ‖g_F‖) and ‖g_R‖/(‖g_R‖ + ‖g_F‖): NGDiff's direction, at another length.
public struct ImpartialProjection: GradientCombiner {
  public init() {}

  public func weights(_ statistics: GradientStatistics) throws -> CombinationWeights {
    let unit = try NormalizedGradientDifference().weights(statistics)
    let sum = unit.retain + unit.forget
    return CombinationWeights(retain: unit.retain / sum, forget: unit.forget / sum)
  }
}
