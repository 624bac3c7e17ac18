import Torch

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
