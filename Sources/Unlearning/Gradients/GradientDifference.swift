import Basics
import Foundation

/// α·g_R − γ·g_F (paper eq. 1, c·g_R − (1 − c)·g_F, with α = c and γ = 1 − c).
public struct GradientDifference: GradientCombiner {
  private let fixed: CombinationWeights

  public init(_ weights: CombinationWeights = CombinationWeights(retain: 0.5, forget: 0.5)) { fixed = weights }

  public func weights(_ statistics: GradientStatistics) -> CombinationWeights { fixed }
}

/// g_R/|L_R| − g_F/|L_F|: the gradients of log L_R and of log L_F.
public struct LossNormalizedDifference: GradientCombiner {
  public init() {}

  public func weights(_ statistics: GradientStatistics) throws -> CombinationWeights {
    for (name, loss) in [("retain", statistics.retainLoss), ("forget", statistics.forgetLoss)] where loss == 0 {
      throw Failure(.fault, "the \(name) loss is zero; the combiner loss-normalised cannot divide by it")
    }
    return CombinationWeights(retain: 1 / abs(statistics.retainLoss), forget: 1 / abs(statistics.forgetLoss))
  }
}

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
    max(0, statistics.dual + statistics.retainLoss - limit)
  }
}
