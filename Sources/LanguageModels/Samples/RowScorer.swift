import Basics
import Torch

/// Mean negative log-likelihood of each row's labels, many rows packed into one pass.
public struct RowScorer {
  private let decoder: Decoder
  private let maximumTokens: Int

  /// - Parameter maximumTokens: tokens packed into one pass.
  public init(_ decoder: Decoder, maximumTokens: Int = 2048) {
    self.decoder = decoder
    self.maximumTokens = maximumTokens
  }

  public struct Score: Sendable, Equatable {
    /// Label tokens.
    public let tokens: Int
    /// Mean over them; nil without labels.
    public let nll: Double?
  }

  /// One score a sample, in order. A sample without labels is not run.
  /// - Throws: ``Failure`` of kind `badData` naming a row whose loss is not finite.
  public func score(_ samples: [Sample], progress: (any ProgressObserver)? = nil) throws -> [Score] {
    var scores = samples.map { Score(tokens: $0.labelCount, nll: nil) }
    let scored = samples.indices.filter { scores[$0].tokens > 0 }
    progress?.advance(by: samples.count - scored.count, detail: nil)
    let kept = scored.map { samples[$0] }
    try withoutGradient {
      for group in SampleBatch.groups(kept, maximumTokens: maximumTokens) {
        let batch = SampleBatch(Array(kept[group]))
        let losses = try decoder.labelLosses(batch).floats()
        var sums = [Double](repeating: 0, count: group.count)
        for (loss, row) in zip(losses, batch.rowOfLabel) { sums[row] += Double(loss) }
        for (sum, position) in zip(sums, group) {
          let index = scored[position]
          guard sum.isFinite else { throw Failure.notFinite("the loss of row '\(samples[index].id.prefix(120))'") }
          scores[index] = Score(tokens: scores[index].tokens, nll: sum / Double(scores[index].tokens))
        }
        progress?.advance(by: group.count, detail: nil)
      }
    }
    return scores
  }
}

extension Failure {
  /// What a model gave that is no number: it has diverged, or is damaged.
  static func notFinite(_ what: String) -> Failure {
    Failure(
      .badData, "\(what) is not finite",
      hint: "the model's weights hold NaN or infinite values, or overflow in this dtype; try --dtype float32")
  }
}
