import Torch

/// "I don't know" answers learnt in place of the outputs (paper eq. 5; TOFU's IDK): mean NLL over the answers' labels.
public struct AnswerPreference: Objective {
  public init() {}

  public var needs: ObjectiveNeeds { ObjectiveNeeds(answers: true) }

  public func loss(_ pass: ObjectivePass) throws -> ObjectiveSum {
    let isWanted = pass.isActiveAnswer
    let weights = pass.batch.rowOfLabel.map { isWanted[$0] ? Float(1) : 0 }
    return ObjectiveSum(
      value: try pass.losses.multiplied(by: Tensor(weights)).sum(),
      units: Double(pass.batch.rowOfLabel.count { isWanted[$0] }))
  }
}

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

extension ObjectivePass {
  /// The rows that are answers to active ones.
  fileprivate var isActiveAnswer: [Bool] {
    let count = questionCount
    return isActive.indices.map { $0 >= count && isActive[$0 - count] }
  }
}
