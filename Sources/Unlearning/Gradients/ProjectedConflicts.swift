/// PCGrad (Yu et al. 2020) for the two tasks of descending g_R and −g_F: where they conflict, each gives up its part along
/// the other.
///
/// They conflict when ⟨g_R, g_F⟩ > 0. Then d = (1 + p/‖g_R‖²)·g_R − (1 + p/‖g_F‖²)·g_F with p = ⟨g_R, g_F⟩, else
/// d = g_R − g_F.
public struct ProjectedConflicts: GradientCombiner {
  public init() {}

  public func weights(_ statistics: GradientStatistics) -> CombinationWeights {
    let conflict = max(0, statistics.product)
    func weight(_ norm: Double) -> Double { norm > 0 ? 1 + conflict / (norm * norm) : 1 }
    return CombinationWeights(retain: weight(statistics.retainNorm), forget: weight(statistics.forgetNorm))
  }
}
