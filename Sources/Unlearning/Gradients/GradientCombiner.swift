/// A direction d = retain·g_R − forget·g_F; θ moves along −d.
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
}

/// The combiners by their names on the command line.
public enum CombinerName: String, Sendable, CaseIterable {
  case ngdiff
  case difference

  /// - Parameter retainWeight: c of `difference`.
  func combiner(retainWeight: Double) -> any GradientCombiner {
    switch self {
    case .ngdiff: NormalizedGradientDifference()
    case .difference: GradientDifference(retainWeight: retainWeight)
    }
  }
}
