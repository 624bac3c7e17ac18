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
