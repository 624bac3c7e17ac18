import LazyTorch

extension Tensor {
  /// Whether gradients with respect to this tensor can be asked for.
  public var requiresGradient: Bool { ctorch_requires_grad(handle) }

  @discardableResult
  public func requiringGradient(_ value: Bool = true) throws -> Tensor {
    try Tensor.check(ctorch_set_requires_grad(handle, value), "requires_grad", self)
    return self
  }
}

/// Runs `body` without recording for autograd.
public func withoutGradient<Result>(_ body: () throws -> Result) rethrows -> Result {
  let before = ctorch_grad_enabled()
  ctorch_set_grad_enabled(false)
  defer { ctorch_set_grad_enabled(before) }
  return try body()
}

/// d output / d input for each input; zeros for an input that `output` does not depend on.
/// - Parameter output: a scalar. Its graph is freed.
public func gradients(of output: Tensor, withRespectTo inputs: [Tensor]) throws -> [Tensor] {
  var results = [OpaquePointer?](repeating: nil, count: inputs.count)
  let succeeded = withExtendedLifetime(inputs) {
    ctorch_gradients(output.handle, inputs.map { $0.handle as OpaquePointer? }, Int64(inputs.count), &results)
  }
  guard succeeded else { throw TorchError.last("gradient", [output]) }
  return results.compactMap { $0.map(Tensor.init(owning:)) }
}
