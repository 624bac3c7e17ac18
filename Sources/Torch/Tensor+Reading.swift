import LazyTorch

extension Tensor {
  /// The one element of a tensor of one element.
  public func item() throws -> Double {
    var value = 0.0
    try Tensor.check(ctorch_item(handle, &value), "item", self)
    return value
  }

  /// All elements in order, converted to float32.
  public func floats() throws -> [Float] { try converted(to: .float32).copied(filling: Float(0)) }

  /// All elements in order, converted to float64.
  public func doubles() throws -> [Double] { try converted(to: .float64).copied(filling: 0.0) }

  /// All elements of an integer tensor in order.
  public func integers() throws -> [Int] { try converted(to: .int64).copied(filling: Int64(0)).map(Int.init) }

  private func copied<Value>(filling zero: Value) throws -> [Value] {
    var values = [Value](repeating: zero, count: count)
    let succeeded = values.withUnsafeMutableBytes { ctorch_copy_out(handle, $0.baseAddress, Int64($0.count)) }
    try Tensor.check(succeeded, "read", self)
    return values
  }

  /// The elements' memory, for writing to a file; contiguous CPU tensors only.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    guard let address = ctorch_data(handle) else { throw TorchError.last("bytes", [self]) }
    return try withExtendedLifetime(self) { try body(UnsafeRawBufferPointer(start: address, count: byteCount)) }
  }

  public func converted(to dtype: DType) throws -> Tensor {
    dtype == self.dtype ? self : try Tensor.take(ctorch_to_dtype(handle, dtype.code), "to \(dtype.rawValue)", self)
  }

  public func contiguous() throws -> Tensor { try Tensor.take(ctorch_contiguous(handle), "contiguous", self) }
  public func cloned() throws -> Tensor { try Tensor.take(ctorch_clone(handle), "clone", self) }

  /// The same memory, cut off from autograd.
  public func detached() throws -> Tensor { try Tensor.take(ctorch_detach(handle), "detach", self) }
}
