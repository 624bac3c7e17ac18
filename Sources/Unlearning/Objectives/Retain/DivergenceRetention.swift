import Torch

/// KL(ref‖model) over the whole vocabulary, mean over label tokens (paper eq. 3), with a share of the plain loss:
/// share·KL + (1 − share)·NLL.
public struct DivergenceRetention: Objective {
  public let share: Double

  public init(share: Double = 1) { self.share = share }

  public var needs: ObjectiveNeeds { ObjectiveNeeds(referenceStates: true) }

  public var isSilentAtStart: Bool { share == 1 }

  public func loss(_ pass: ObjectivePass) throws -> ObjectiveSum {
    guard let reference = pass.reference, let states = reference.states else { throw pass.missing("reference states") }
    let divergences = try pass.states.headDivergence(
      weight: pass.head, from: .init(hidden: states, weight: reference.head), targets: Tensor(pass.batch.targets),
      isDivergence: true)
    let losses =
      share == 1 ? divergences : try divergences.affine(scale: share).adding(pass.losses, scale: 1 - share)
    return ObjectiveSum(value: try pass.labelSum(losses), units: Double(pass.activeLabels))
  }
}
