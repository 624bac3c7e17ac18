import Torch

/// NPO (paper eq. 4; Zhang et al. 2024): −(2/β)·mean log σ(β(ℓ − ℓ_ref)) over rows, ℓ the sum of a row's label losses.
/// Its gradient fades as a row's loss rises above the start model's.
public struct NegativePreference: Objective {
  public let averagesRows = true
  public let beta: Double

  public init(beta: Double = 0.1) { self.beta = beta }

  public var needs: ObjectiveNeeds { ObjectiveNeeds(referenceLosses: true) }

  public func loss(_ pass: ObjectivePass) throws -> ObjectiveSum {
    guard let reference = pass.reference else { throw pass.missing("reference losses") }
    let margins = try pass.rowLosses().adding(pass.constants(reference.losses), scale: -1)
    let preferences = try margins.affine(scale: beta).logSigmoid().affine(scale: -2 / beta)
    return ObjectiveSum(value: try pass.rowSum(preferences), units: Double(pass.activeRows))
  }
}

/// SimNPO (Fan et al. 2024): −(2/β)·mean log σ(β(ℓ/n − δ)): no reference, each row by its mean loss.
public struct SimpleNegativePreference: Objective {
  public let averagesRows = true
  public let beta: Double
  public let delta: Double

  public init(beta: Double = 4.5, delta: Double = 0) {
    self.beta = beta
    self.delta = delta
  }

  public func loss(_ pass: ObjectivePass) throws -> ObjectiveSum {
    let lengths = try pass.constants(pass.labelsOfRow.map { 1 / Double(max(1, $0)) })
    let means = try pass.rowLosses().multiplied(by: lengths)
    let preferences = try means.affine(scale: beta, offset: -beta * delta).logSigmoid().affine(scale: -2 / beta)
    return ObjectiveSum(value: try pass.rowSum(preferences), units: Double(pass.activeRows))
  }
}

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
