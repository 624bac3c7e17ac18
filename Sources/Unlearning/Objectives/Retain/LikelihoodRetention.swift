import Torch

/// Mean NLL over label tokens: what plain training minimises.
public struct LikelihoodRetention: Objective {
  public init() {}

  public func loss(_ pass: ObjectivePass) throws -> ObjectiveSum {
    ObjectiveSum(value: try pass.labelSum(pass.losses), units: Double(pass.activeLabels))
  }
}
