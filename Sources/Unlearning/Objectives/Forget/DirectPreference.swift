import Torch

/// DPO with the answer preferred to the output (Rafailov et al. 2023):
/// −(2/β)·mean log σ(β[(ℓ_ref − ℓ)(answer) − (ℓ_ref − ℓ)(output)]).
public struct DirectPreference: Objective {
  public let averagesRows = true
  public let beta: Double

  public init(beta: Double = 0.1) { self.beta = beta }

  public var needs: ObjectiveNeeds { ObjectiveNeeds(referenceLosses: true, answers: true) }

  public func loss(_ pass: ObjectivePass) throws -> ObjectiveSum {
    guard let reference = pass.reference else { throw pass.missing("reference losses") }
    let count = pass.questionCount
    // ℓ_ref − ℓ of outputs, then of answers.
    let gains = try pass.constants(reference.losses).adding(pass.rowLosses(), scale: -1)
    let margins = try gains.narrowed(count..<2 * count).adding(gains.narrowed(0..<count), scale: -1)
    let preferences = try margins.affine(scale: beta).logSigmoid().affine(scale: -2 / beta)
    let mask = pass.isActive.prefix(count).map { $0 ? Float(1) : 0 }
    return ObjectiveSum(value: try preferences.multiplied(by: Tensor(mask)).sum(), units: Double(pass.activeRows))
  }
}
