import LazyTorch

extension Tensor {
  /// self + scale · other.
  public func adding(_ other: Tensor, scale: Double = 1) throws -> Tensor {
    try Tensor.take(ctorch_add(handle, other.handle, scale), "add", self, other)
  }
  public func multiplied(by other: Tensor) throws -> Tensor {
    try Tensor.take(ctorch_multiply(handle, other.handle), "multiply", self, other)
  }
  public func divided(by other: Tensor) throws -> Tensor {
    try Tensor.take(ctorch_divide(handle, other.handle), "divide", self, other)
  }
  /// scale · self + offset.
  public func affine(scale: Double = 1, offset: Double = 0) throws -> Tensor {
    try Tensor.take(ctorch_affine(handle, scale, offset), "affine", self)
  }
  public func matmul(_ other: Tensor) throws -> Tensor {
    try Tensor.take(ctorch_matmul(handle, other.handle), "matmul", self, other)
  }
  public func clamped(_ range: ClosedRange<Double>) throws -> Tensor {
    try Tensor.take(ctorch_clamp(handle, range.lowerBound, range.upperBound), "clamp", self)
  }
  public func exp() throws -> Tensor { try Tensor.take(ctorch_exp(handle), "exp", self) }
  public func log() throws -> Tensor { try Tensor.take(ctorch_log(handle), "log", self) }
  public func logSigmoid() throws -> Tensor { try Tensor.take(ctorch_log_sigmoid(handle), "log_sigmoid", self) }
  public func sum() throws -> Tensor { try Tensor.take(ctorch_sum(handle), "sum", self) }
  public func mean() throws -> Tensor { try Tensor.take(ctorch_mean(handle), "mean", self) }
  /// Over one dimension, which goes.
  public func sum(along dimension: Int) throws -> Tensor {
    try Tensor.take(ctorch_sum_along(handle, Int64(dimension)), "sum", self)
  }
  public func argmax(dimension: Int = -1) throws -> Tensor {
    try Tensor.take(ctorch_argmax(handle, Int64(dimension)), "argmax", self)
  }

  /// Σ self · other over all elements, accumulated in float64.
  public func dot(_ other: Tensor) throws -> Double {
    var value = 0.0
    try Tensor.check(ctorch_dot(handle, other.handle, &value), "dot", self, other)
    return value
  }

  /// True when no element is infinite or NaN.
  public func allFinite() throws -> Bool {
    var value = false
    try Tensor.check(ctorch_all_finite(handle, &value), "isfinite", self)
    return value
  }
}

/// Changes in place, outside autograd.
extension Tensor {
  /// self += scale · other.
  public func add(_ other: Tensor, scale: Double = 1) throws {
    try Tensor.check(ctorch_add_in_place(handle, other.handle, scale), "add in place", self, other)
  }
  public func scale(by factor: Double) throws {
    try Tensor.check(ctorch_scale_in_place(handle, factor), "scale in place", self)
  }
  /// Copies the elements of `source`, of the same shape.
  public func assign(_ source: Tensor) throws {
    try Tensor.check(ctorch_copy_in_place(handle, source.handle), "assign", self, source)
  }
}
