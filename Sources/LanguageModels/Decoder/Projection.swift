import Torch

/// A linear layer of the decoder, with the LoRA factors that an adapter may have attached to it.
public final class Projection {
  /// The module's path in the checkpoint, without `.weight`.
  public let path: String
  /// [out, in].
  public internal(set) var weight: Tensor
  public internal(set) var bias: Tensor?
  var factors: LoRAFactors?

  init(path: String, weight: Tensor, bias: Tensor?) {
    self.path = path
    self.weight = weight
    self.bias = bias
  }

  /// [tokens, in] → [tokens, out]: x·Wᵀ + b + scale·(x·Aᵀ)·Bᵀ.
  func callAsFunction(_ input: Tensor) throws -> Tensor {
    guard let layer else { return try input.linear(weight, bias: bias) }
    return try input.loraLinear([layer])[0]
  }

  /// Several projections of one input; those with factors share their thin products.
  static func apply(_ projections: [Projection], to input: Tensor) throws -> [Tensor] {
    let layers = projections.compactMap(\.layer)
    guard layers.count == projections.count else { return try projections.map { try $0(input) } }
    return try input.loraLinear(layers)
  }

  private var layer: Tensor.LoRALayer? {
    guard let factors, factors.isEnabled else { return nil }
    return Tensor.LoRALayer(weight: weight, bias: bias, a: factors.a, b: factors.b, scale: factors.scale)
  }
}
