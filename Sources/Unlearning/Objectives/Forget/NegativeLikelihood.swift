import Torch

/// The paper's own form of eq. 4: −mean log(1 − P(y∣x)), P the probability of the whole output.
///
/// The loss has a pole at P = 1, which a memorised row comes near: ℓ is held at 1e-6 or more.
public struct NegativeLikelihood: Objective {
  public let averagesRows = true
  public init() {}

  public func loss(_ pass: ObjectivePass) throws -> ObjectiveSum {
    let likelihoods = try pass.rowLosses().clamped(1e-6...1e30).affine(scale: -1).exp()
    let preferences = try likelihoods.affine(scale: -1, offset: 1).log().affine(scale: -1)
    return ObjectiveSum(value: try pass.rowSum(preferences), units: Double(pass.activeRows))
  }
}
