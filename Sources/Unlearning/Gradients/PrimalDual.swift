/// λ·g_R − g_F, λ ← max(0, λ + L_R − ε): the retain loss counts the more the longer it is above ε (PDU, Entesari et al.
/// 2025).
public struct PrimalDual: GradientCombiner {
  /// ε, in nats a token.
  public let limit: Double

  public init(limit: Double) { self.limit = limit }

  public func weights(_ statistics: GradientStatistics) -> CombinationWeights {
    CombinationWeights(retain: statistics.dual, forget: 1)
  }

  public func dual(after statistics: GradientStatistics) -> Double {
    max(0, statistics.dual + statistics.retainObjective - limit)
  }
}
