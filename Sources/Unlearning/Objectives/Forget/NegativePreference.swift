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
