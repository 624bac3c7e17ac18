import LazyTorch

/// What an output head says of each target token, and of the whole distribution at its place.
public struct HeadTokenStatistics {
  /// Negative log-likelihood of each target, in nats; float32 [n].
  public let losses: Tensor
  /// The most likely token at each place; int64 [n].
  public let predictions: Tensor
  /// μ = Σ p·log p over the vocabulary: the mean log-probability under the model's own distribution; float32 [n].
  public let means: Tensor
  /// Σ p·(log p)² − μ², its variance; float32 [n].
  public let variances: Tensor
}

extension Tensor {
  /// Figures of each target under softmax(self · weightᵀ), accumulated in float32; outside autograd.
  /// - Parameters:
  ///   - weight: the output head [vocabulary, width]; `self` is hidden states [n, width].
  ///   - targets: int64 [n].
  ///   - chunk: how many rows of logits exist at a time.
  public func headTokenStatistics(weight: Tensor, targets: Tensor, chunk: Int = 256) throws -> HeadTokenStatistics {
    var figures: OpaquePointer?
    var predictions: OpaquePointer?
    try Tensor.check(
      ctorch_head_token_statistics(handle, weight.handle, targets.handle, Int64(chunk), &figures, &predictions),
      "head_token_statistics", self, weight, targets)
    let rows = try Tensor.take(figures, "head_token_statistics")
    func row(_ index: Int) throws -> Tensor { try rows.narrowed(index..<index + 1).reshaped([targets.count]) }
    return HeadTokenStatistics(
      losses: try row(0), predictions: try Tensor.take(predictions, "head_token_statistics"), means: try row(1),
      variances: try row(2))
  }
}
