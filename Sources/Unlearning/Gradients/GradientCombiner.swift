/// A direction d = retain·g_R − forget·g_F; θ moves along −d. g_R lowers the retain objective, and g_F, the negative
/// gradient of the forget objective, raises the forget loss.
public struct CombinationWeights: Sendable, Equatable {
  public var retain: Double
  public var forget: Double

  public init(retain: Double, forget: Double) {
    self.retain = retain
    self.forget = forget
  }
}

/// How the gradients of the retain and the forget loss become one direction. Every combiner is a choice of two weights,
/// found from a step's ``GradientStatistics``.
public protocol GradientCombiner: Sendable {
  func weights(_ statistics: GradientStatistics) throws -> CombinationWeights
  /// λ of a dual method for the next step; the others leave it.
  func dual(after statistics: GradientStatistics) -> Double
}

extension GradientCombiner {
  public func dual(after statistics: GradientStatistics) -> Double { statistics.dual }

  /// The weights of a step to which only the retain gradient has something to say; the other is taken as one of length 1
  /// across it.
  package func weightsOfRetain(_ statistics: GradientStatistics) throws -> CombinationWeights {
    var alone = statistics
    (alone.forgetLoss, alone.forgetNorm, alone.product) = (1, 1, 0)
    return CombinationWeights(retain: try weights(alone).retain, forget: 0)
  }

  /// The weights of a step to which only the forget gradient has something to say, likewise.
  package func weightsOfForget(_ statistics: GradientStatistics) throws -> CombinationWeights {
    var alone = statistics
    (alone.retainLoss, alone.retainNorm, alone.product) = (1, 1, 0)
    return CombinationWeights(retain: 0, forget: try weights(alone).forget)
  }
}

/// The combiners by their names on the command line.
public enum CombinerName: String, Sendable, CaseIterable {
  case ngdiff
  case difference
  case lossNormalized = "loss-normalised"
  case random
  case pcgrad
  case imtlG = "imtl-g"
  case primalDual = "primal-dual"
}
