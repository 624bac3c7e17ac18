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

extension ObjectivePass {
  /// The rows that are answers to active ones.
  fileprivate var isActiveAnswer: [Bool] {
    let count = questionCount
    return isActive.indices.map { $0 >= count && isActive[$0 - count] }
  }
}
