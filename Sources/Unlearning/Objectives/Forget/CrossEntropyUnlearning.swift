import Torch

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
