import Basics

/// g_R/|L_R| − g_F/|L_F| (compared in Bu et al. 2024), L the mean NLL of the rows: of plain descent and ascent these are
/// the gradients of log L_R and of log L_F.
public struct LossNormalizedDifference: GradientCombiner {
  public init() {}

  public func weights(_ statistics: GradientStatistics) throws -> CombinationWeights {
    for (name, loss) in [("retain", statistics.retainLoss), ("forget", statistics.forgetLoss)] where loss == 0 {
      throw Failure(
        .fault, "step \(statistics.step): the \(name) loss is zero; the combiner loss-normalised cannot divide by it")
    }
    return CombinationWeights(retain: 1 / abs(statistics.retainLoss), forget: 1 / abs(statistics.forgetLoss))
  }
}
