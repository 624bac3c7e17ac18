import Basics
import Foundation

/// Weights drawn anew each step: a softmax of two normal numbers (Lin et al. 2022, random loss weighting).
public struct RandomWeights: GradientCombiner {
  private let seed: Int

  public init(seed: Int) { self.seed = seed }

  public func weights(_ statistics: GradientStatistics) -> CombinationWeights {
    var random = RandomStream(seed: UInt64(bitPattern: Int64(seed)), purpose: "loss weights of step \(statistics.step)")
    let share = 1 / (1 + exp(random.nextNormal() - random.nextNormal()))
    return CombinationWeights(retain: share, forget: 1 - share)
  }
}
