import LanguageModels
import Torch

/// Rows of one packed pass through the model, as an objective sees them.
public struct ObjectivePass {
  public let batch: SampleBatch
  /// Final hidden states [labels, width] that predict the labels.
  public let states: Tensor
  /// Output head [vocabulary, width].
  public let head: Tensor
  /// Negative log-likelihood of each label, float32 [labels], with a gradient.
  public let losses: Tensor
  /// Output of the objective's layer at the label tokens, float32 [labels, width].
  public let activations: Tensor?
  public let reference: Reference?
  /// The rows whose loss is wanted: all but those that have reached the forget bound, and but the answers.
  public let isActive: [Bool]
  /// The rows that have become less likely than unseen text, and are led back to it.
  public let isBeyond: [Bool]
  /// How likely each label is by the retain set alone (``RetainPrior``), from 0 to 1; nil: nothing of them is kept.
  public let prior: [Float]?
  /// The loss of each label up to which ascent raises it; infinite without a bound.
  public let bounds: [Float]
  /// Rows behind the first half are the answers to the rows of the first half.
  public let hasAnswers: Bool

  /// The start model's figures of the same rows.
  public struct Reference {
    /// Sum of label losses of each row.
    public var losses: [Double] = []
    /// [labels, width], the dtype of the model.
    public var states: Tensor?
    /// [labels, width], float32.
    public var activations: Tensor?
    /// The start model's head where it is trained; nil where it is the model's own.
    public var head: Tensor?
  }

  public var rowCount: Int { isActive.count }
  /// Rows that are no answers.
  public var questionCount: Int { hasAnswers ? rowCount / 2 : rowCount }
  public var activeRows: Int { isActive.count { $0 } }
  var beyondRows: Int { isBeyond.count { $0 } }
  public var activeLabels: Int { batch.rowOfLabel.count { isActive[$0] } }

  /// ℓ: the sum of label losses of each row, float32 [rows].
  public func rowLosses() throws -> Tensor { try losses.segmentSums(Tensor(batch.rowOfLabel), count: rowCount) }

  /// Labels of each row.
  public var labelsOfRow: [Int] {
    var counts = [Int](repeating: 0, count: rowCount)
    for row in batch.rowOfLabel { counts[row] += 1 }
    return counts
  }

  /// Σ weight(label) · value(label) over the labels of active rows, each as far as it is to be forgotten.
  /// - Parameters:
  ///   - values: float32 [labels].
  ///   - weights: taken as constants; 1 each when nil.
  func labelSum(_ values: Tensor, weights: [Float]? = nil) throws -> Tensor {
    if weights == nil, prior == nil, isActive.allSatisfy({ $0 }) { return try values.sum() }
    let mask = batch.rowOfLabel.enumerated().map { label, row in
      isActive[row] ? (weights?[label] ?? 1) * (1 - (prior?[label] ?? 0)) : 0
    }
    return try values.multiplied(by: Tensor(mask)).sum()
  }

  /// Σ prior(label) · NLL(label) over the labels of active rows: what of them is to be kept. Nil without a prior.
  func keeping() throws -> Tensor? {
    guard let prior else { return nil }
    let mask = batch.rowOfLabel.enumerated().map { label, row in isActive[row] ? prior[label] : 0 }
    return try losses.multiplied(by: Tensor(mask)).sum()
  }

  /// min(NLL, bound) of each label, float32 [labels]: without a gradient where the bound is reached.
  func boundedLosses() throws -> Tensor {
    let below = zip(try losses.detached().floats(), bounds).map { $0 < $1 }
    return try losses.multiplied(by: Tensor(below.map { $0 ? 1 : 0 } as [Float]))
      .adding(Tensor(zip(below, bounds).map { $0 ? 0 : $1 }))
  }

  /// NLL of the rows that are led back: over their labels, or over rows of their means.
  func recovery(overRows: Bool) throws -> ObjectiveSum {
    let counts = labelsOfRow
    let weights = batch.rowOfLabel.map { row -> Float in
      isBeyond[row] ? (overRows ? 1 / Float(max(1, counts[row])) : 1) : 0
    }
    let units = overRows ? beyondRows : batch.rowOfLabel.count { isBeyond[$0] }
    return ObjectiveSum(value: try losses.multiplied(by: Tensor(weights)).sum(), units: Double(units))
  }

  /// Σ over the active rows of float32 [rows].
  func rowSum(_ values: Tensor) throws -> Tensor {
    try values.multiplied(by: Tensor(isActive.map { $0 ? 1 : 0 } as [Float])).sum()
  }

  /// A vector [rows] of constants.
  func constants(_ values: [Double]) throws -> Tensor { try Tensor(values.map(Float.init)) }

  /// Mean over the width of the squared distance of `first` from `second`, float32 [labels].
  func meanSquare(_ first: Tensor, from second: Tensor) throws -> Tensor {
    let distance = try first.adding(second, scale: -1)
    return try distance.multiplied(by: distance).sum(along: 1).affine(scale: 1 / Double(max(1, second.size(1))))
  }

  func missing(_ what: String) -> TorchError {
    TorchError(operation: "objective", operands: [], reason: "the \(what) were not computed")
  }
}
