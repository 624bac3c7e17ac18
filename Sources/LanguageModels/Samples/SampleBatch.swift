import Torch

/// Samples packed end to end, with the places where losses are taken.
public struct SampleBatch {
  public let rows: PackedRows
  /// Tokens whose hidden state predicts a label (the token before the label's own).
  public let predictors: [Int]
  /// The labels, one per predictor.
  public let targets: [Int]
  /// The row of each label.
  public let rowOfLabel: [Int]

  /// - Parameter samples: each with at least one token.
  public init(_ samples: [Sample]) {
    rows = PackedRows(samples.map(\.inputIDs))
    var predictors: [Int] = []
    var targets: [Int] = []
    var rowOfLabel: [Int] = []
    for (row, sample) in samples.enumerated() {
      let start = rows.offsets[row]
      for (position, label) in sample.labels.enumerated().dropFirst() where label != Sample.ignoredLabel {
        predictors.append(start + position - 1)
        targets.append(label)
        rowOfLabel.append(row)
      }
    }
    self.predictors = predictors
    self.targets = targets
    self.rowOfLabel = rowOfLabel
  }

  public var labelCount: Int { targets.count }

  /// Splits samples, in order, into groups of at most `maximumTokens` tokens (a longer sample is a group of its own).
  public static func groups(_ samples: [Sample], maximumTokens: Int) -> [Range<Int>] {
    PackedRows.groups(lengths: samples.map(\.inputIDs.count), maximumTokens: maximumTokens)
  }
}

/// What the decoder makes of the labels of a batch.
public struct LabelStates {
  /// Final hidden states [labels, width] that predict the labels.
  public let states: Tensor
  /// Output of one layer at the label tokens themselves, float32 [labels, width]; nil when not asked for.
  public let activations: Tensor?
}

extension Decoder {
  /// - Parameter activationLayer: the layer, from 0, whose output is wanted too.
  public func labelStates(_ batch: SampleBatch, activationLayer: Int? = nil) throws -> LabelStates {
    var activations: Tensor?
    let wanted = wantedTokens(batch, activationLayer: activationLayer)
    let hidden = try hiddenStates(batch.rows, of: wanted) { layer, output in
      guard layer == activationLayer else { return }
      activations = try output.selected(Tensor(batch.predictors.map { $0 + 1 })).converted(to: .float32)
    }
    return LabelStates(
      states: try labelStates(among: hidden, batch, wanted: wanted), activations: activations)
  }

  /// The predictors; all tokens where the last layer's output at the labels is wanted too.
  func wantedTokens(_ batch: SampleBatch, activationLayer: Int?) -> [Int]? {
    activationLayer == layers.last?.index ? nil : batch.predictors
  }

  /// Those of the final hidden states of the wanted tokens that predict labels.
  func labelStates(among hidden: Tensor, _ batch: SampleBatch, wanted: [Int]?) throws -> Tensor {
    wanted == nil ? try hidden.selected(Tensor(batch.predictors)) : hidden
  }

  /// Negative log-likelihood of every label of the batch, float32 [labels].
  public func labelLosses(_ batch: SampleBatch) throws -> Tensor {
    try labelStates(batch).states.headCrossEntropy(weight: head, targets: Tensor(batch.targets))
  }
}
