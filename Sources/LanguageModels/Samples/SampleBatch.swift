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

extension Decoder {
  /// Negative log-likelihood of every label of the batch, float32 [labels].
  public func labelLosses(_ batch: SampleBatch) throws -> Tensor {
    let hidden = try hiddenStates(batch.rows)
    let predicting = try hidden.selected(Tensor(batch.predictors))
    return try predicting.headCrossEntropy(weight: head, targets: Tensor(batch.targets))
  }
}
