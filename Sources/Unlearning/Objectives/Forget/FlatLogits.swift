import Torch

/// PDU's forget loss (Entesari et al. 2025): mean (max logit − mean logit)² over label tokens, zero for a flat
/// distribution. The combiner `primal-dual` sets the weight of the retain loss against it.
public struct FlatLogits: Objective {
  public init() {}

  public func loss(_ pass: ObjectivePass) throws -> ObjectiveSum {
    // Both logits are products with one vector, so that the [labels, vocabulary] matrix is not needed for the gradient.
    let largest = try pass.states.headTokenStatistics(weight: pass.head, targets: Tensor(pass.batch.targets))
      .predictions
    let head = try pass.head.converted(to: .float32)
    let mean = try head.sum(along: 0).affine(scale: 1 / Double(max(1, head.size(0))))
    let spread = try pass.states.converted(to: .float32)
      .multiplied(by: head.selected(largest).adding(mean, scale: -1)).sum(along: 1)
    return ObjectiveSum(value: try pass.labelSum(spread.multiplied(by: spread)), units: Double(pass.activeLabels))
  }
}
