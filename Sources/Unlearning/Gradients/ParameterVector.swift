import Torch

/// One tensor for each trainable parameter, handled as one long vector.
public struct ParameterVector {
  public let tensors: [Tensor]

  public init(_ tensors: [Tensor]) { self.tensors = tensors }

  /// Zeros of the same shapes.
  public static func zeros(like parameters: [Tensor]) throws -> ParameterVector {
    ParameterVector(try parameters.map { try Tensor.zeros($0.shape) })
  }

  /// ⟨self, other⟩ in float64.
  public func dot(_ other: ParameterVector) throws -> Double {
    try zip(tensors, other.tensors).reduce(0) { try $0 + $1.0.dot($1.1) }
  }

  public func norm() throws -> Double { try dot(self).squareRoot() }

  /// self += scale · other, in place.
  public func add(_ other: ParameterVector, scale: Double = 1) throws {
    for (tensor, addend) in zip(tensors, other.tensors) { try tensor.add(addend, scale: scale) }
  }

  public func scale(by factor: Double) throws {
    guard factor != 1 else { return }
    for tensor in tensors { try tensor.scale(by: factor) }
  }

  /// The factor by which a vector of this norm is scaled, as by `torch.nn.utils.clip_grad_norm_`.
  static func clipFactor(norm: Double, limit: Double) -> Double { min(1, limit / (norm + 1e-6)) }

  public func copied() throws -> ParameterVector { ParameterVector(try tensors.map { try $0.cloned() }) }

  public func assign(_ other: ParameterVector) throws {
    for (tensor, source) in zip(tensors, other.tensors) { try tensor.assign(source) }
  }
}
