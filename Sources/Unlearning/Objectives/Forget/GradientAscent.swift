import Torch

/// −mean NLL over label tokens (paper eq. 2; Ginart et al. 2019, Yao et al. 2024). With a weight a label it is any of the
/// reweighted forms, the weights taken as constants.
public struct GradientAscent: Objective {
  /// Weight of a label from its own loss.
  private let weight: (@Sendable (_ loss: Double) -> Double)?

  public init() { weight = nil }

  init(_ weight: @escaping @Sendable (Double) -> Double) { self.weight = weight }

  public func loss(_ pass: ObjectivePass) throws -> ObjectiveSum {
    let weights = try weight.map { weight in try pass.losses.detached().floats().map { Float(weight(Double($0))) } }
    return ObjectiveSum(
      value: try pass.labelSum(pass.losses, weights: weights).affine(scale: -1), units: Double(pass.activeLabels))
  }
}
