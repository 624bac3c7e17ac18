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
    let output = try input.linear(weight, bias: bias)
    guard let factors, factors.isEnabled else { return output }
    let dtype = input.dtype
    let low = try input.linear(factors.a.converted(to: dtype))
    return try output.adding(low.linear(factors.b.converted(to: dtype)), scale: factors.scale)
  }
}
