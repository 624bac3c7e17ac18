import Basics
import Torch

/// Loss, most likely token and moments of the distribution at every label of each sample, many rows packed into one
/// pass.
public struct TokenScorer {
  private let decoder: Decoder
  private let maximumTokens: Int

  /// - Parameter maximumTokens: tokens packed into one pass.
  public init(_ decoder: Decoder, maximumTokens: Int = 2048) {
    self.decoder = decoder
    self.maximumTokens = maximumTokens
  }

  /// The label tokens of one sample, in their order; every list is as long as ``labels``.
  public struct Scores: Sendable, Equatable {
    public var labels: [Int] = []
    /// The most likely token at each label's place.
    public var predictions: [Int] = []
    /// Negative log-likelihood of each label, in nats.
    public var losses: [Double] = []
    /// Σ p·log p over the vocabulary at each label's place.
    public var means: [Double] = []
    /// Σ p·(log p)² less the square of the mean.
    public var variances: [Double] = []

    public init() {}

    /// Mean loss; nil without labels.
    public var nll: Double? { losses.isEmpty ? nil : losses.reduce(0, +) / Double(losses.count) }
    public var logProbabilities: [Double] { losses.map { -$0 } }
  }

  /// One entry a sample, in order. A sample without labels is not run.
  /// - Throws: ``Failure`` of kind `badData` naming a row whose loss is not finite.
  public func score(_ samples: [Sample], progress: (any ProgressObserver)? = nil) throws -> [Scores] {
    var scores = [Scores](repeating: Scores(), count: samples.count)
    let scored = samples.indices.filter { samples[$0].labelCount > 0 }
    progress?.advance(by: samples.count - scored.count, detail: nil)
    let kept = scored.map { samples[$0] }
    try withoutGradient {
      for group in SampleBatch.groups(kept, maximumTokens: maximumTokens) {
        let batch = SampleBatch(Array(kept[group]))
        let statistics = try decoder.labelStatistics(batch)
        let (losses, predictions) = (try statistics.losses.floats(), try statistics.predictions.integers())
        let (means, variances) = (try statistics.means.floats(), try statistics.variances.floats())
        for (label, row) in batch.rowOfLabel.enumerated() {
          let index = scored[group.lowerBound + row]
          guard losses[label].isFinite else {
            throw Failure.notFinite("the loss of row '\(samples[index].id.shown)'")
          }
          scores[index].labels.append(batch.targets[label])
          scores[index].predictions.append(predictions[label])
          scores[index].losses.append(Double(losses[label]))
          scores[index].means.append(Double(means[label]))
          scores[index].variances.append(Double(variances[label]))
        }
        progress?.advance(by: group.count, detail: nil)
      }
    }
    return scores
  }
}

extension Decoder {
  /// Figures of every label of the batch; outside autograd.
  func labelStatistics(_ batch: SampleBatch) throws -> HeadTokenStatistics {
    let predicting = try labelStates(batch).states
    return try predicting.headTokenStatistics(weight: head, targets: Tensor(batch.targets))
  }
}
