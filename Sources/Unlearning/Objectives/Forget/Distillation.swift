import Torch

/// UNDIAL (Dong et al. 2024): cross-entropy with the start model's distribution after β was taken off the label's logit.
/// With β = ∞ it is that distribution without the label.
///
/// Its pull on a label fades as the label does, long before the label is as unlikely as unseen text. What is missing is
/// taken by ascent: −λ·min(nll, bound) of each label, which ends at the label's own bound (``ForgetBound``). The two need
/// each other: ascent alone says nothing of what is to take the label's place, and has no gradient where a label is certain.
public struct SelfDistillation: Objective {
  public let beta: Double
  /// λ.
  public let ascent: Double

  public init(beta: Double = 10, ascent: Double = 0) {
    self.beta = beta
    self.ascent = ascent
  }

  public var needs: ObjectiveNeeds { ObjectiveNeeds(referenceStates: true) }

  public func loss(_ pass: ObjectivePass) throws -> ObjectiveSum {
    guard let reference = pass.reference, let states = reference.states else { throw pass.missing("reference states") }
    let losses = try pass.states.headDivergence(
      weight: pass.head, from: .init(hidden: states, weight: reference.head, shift: beta),
      targets: Tensor(pass.batch.targets), isDivergence: false)
    let values = ascent == 0 ? losses : try losses.adding(try pass.boundedLosses(), scale: -ascent)
    return ObjectiveSum(value: try pass.labelSum(values), units: Double(pass.activeLabels))
  }
}

/// CE-U (Yang 2025): cross-entropy with the model's own distribution without the label, taken as constant.
///
/// Where the model is sure of a label the gradient is large, and it fades as the label does: nothing is pushed further,
/// and what takes the label's place is what the model finds likely there.
public struct CrossEntropyUnlearning: Objective {
  /// Leaves the first label of each row out, as published. An answer of one token is then never forgotten.
  public let skipsFirst: Bool

  public init(skipsFirst: Bool = true) { self.skipsFirst = skipsFirst }

  public func loss(_ pass: ObjectivePass) throws -> ObjectiveSum {
    let losses = try pass.states.headDivergence(
      weight: pass.head, from: .init(hidden: nil, shift: .infinity), targets: Tensor(pass.batch.targets),
      isDivergence: false)
    guard skipsFirst else {
      return ObjectiveSum(value: try pass.labelSum(losses), units: Double(pass.activeLabels))
    }
    let rows = pass.batch.rowOfLabel
    let weights = rows.indices.map { $0 > 0 && rows[$0] == rows[$0 - 1] ? Float(1) : 0 }
    let units = zip(rows, weights).reduce(0) { $0 + (pass.isActive[$1.0] ? Double($1.1) : 0) }
    return ObjectiveSum(value: try pass.labelSum(losses, weights: weights), units: units)
  }
}
