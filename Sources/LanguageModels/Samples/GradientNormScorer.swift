import Torch

/// Norm of the gradient of each sample's mean loss with respect to what of the model is trained: the factors of its
/// adapter, or all weights where there is none.
///
/// One sample at a time, so memory holds one gradient: as much as the adapter, or as the whole model.
public struct GradientNormScorer {
  private let decoder: Decoder

  public init(_ decoder: Decoder) { self.decoder = decoder }

  public struct Norm: Sendable, Equatable {
    /// Euclidean norm over all trained parameters as one vector.
    public let total: Double
    /// The mean of the Euclidean norms of the single tensors, as OpenUnlearning's attack takes it.
    public let tensorMean: Double
  }

  /// One norm a sample, in order; nil without labels.
  /// - Parameter advance: called after each sample.
  public func score(_ samples: [Sample], advance: () -> Void = {}) throws -> [Norm?] {
    let tensors = try trained
    let wereRequired = tensors.map(\.requiresGradient)
    for tensor in tensors { try tensor.requiringGradient() }
    defer {
      for (tensor, required) in zip(tensors, wereRequired) where !required {
        // Cannot fail: it could be switched on.
        _ = try? tensor.requiringGradient(false)
      }
    }
    return try samples.map { sample in
      defer { advance() }
      guard sample.labelCount > 0 else { return nil }
      let loss = try decoder.labelLosses(SampleBatch([sample])).mean()
      let squares = try gradients(of: loss, withRespectTo: tensors).map { try $0.dot($0) }
      let norms = squares.reduce(0) { $0 + $1.squareRoot() }
      return Norm(total: squares.reduce(0, +).squareRoot(), tensorMean: norms / Double(squares.count))
    }
  }

  private var trained: [Tensor] {
    get throws {
      if let adapter = decoder.adapter { return adapter.tensors.map(\.tensor) }
      return try decoder.parameters.names.map { try decoder.parameters[$0] }
    }
  }
}
