import Torch

/// RMU's retain loss (Li et al. 2024): mean squared distance of the activations after one layer, at the label tokens,
/// from the start model's.
public struct ActivationRetention: Objective {
  public let layer: Int

  public init(layer: Int = 7) { self.layer = layer }

  public var needs: ObjectiveNeeds { ObjectiveNeeds(referenceActivations: true, activationLayer: layer) }

  public var isSilentAtStart: Bool { true }

  public func loss(_ pass: ObjectivePass) throws -> ObjectiveSum {
    guard let activations = pass.activations, let reference = pass.reference?.activations else {
      throw pass.missing("activations")
    }
    let distances = try pass.meanSquare(activations, from: reference)
    return ObjectiveSum(value: try pass.labelSum(distances), units: Double(pass.activeLabels))
  }
}
