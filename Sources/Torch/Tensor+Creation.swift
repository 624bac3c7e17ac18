import LazyTorch

extension Tensor {
  /// A tensor of one repeated value.
  public static func full(_ shape: [Int], _ value: Double, dtype: DType = .float32) throws -> Tensor {
    try take(ctorch_full(shape.sizes, Int64(shape.count), value, dtype.code), "full")
  }

  public static func zeros(_ shape: [Int], dtype: DType = .float32) throws -> Tensor {
    try full(shape, 0, dtype: dtype)
  }

  /// Uninitialised memory.
  public static func empty(_ shape: [Int], dtype: DType = .float32) throws -> Tensor {
    try take(ctorch_empty(shape.sizes, Int64(shape.count), dtype.code), "empty")
  }

  /// Copies `values`, which must fill `shape` exactly.
  public convenience init(_ values: [Float], shape: [Int]? = nil) throws {
    try self.init(copying: values, shape: shape ?? [values.count], dtype: .float32)
  }

  /// int64 indices.
  public convenience init(_ values: [Int], shape: [Int]? = nil) throws {
    try self.init(copying: values.map(Int64.init), shape: shape ?? [values.count], dtype: .int64)
  }

  /// A float64 vector.
  public convenience init(doubles values: [Double]) throws {
    try self.init(copying: values, shape: [values.count], dtype: .float64)
  }

  private convenience init<Value>(copying values: [Value], shape: [Int], dtype: DType) throws {
    let handle = values.withUnsafeBytes {
      ctorch_from_bytes($0.baseAddress, Int64($0.count), shape.sizes, Int64(shape.count), dtype.code)
    }
    guard let handle else { throw TorchError.last("tensor") }
    self.init(owning: handle)
  }

  /// Copies raw little-endian elements.
  public static func copying(_ bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType) throws -> Tensor {
    try take(
      ctorch_from_bytes(bytes.baseAddress, Int64(bytes.count), shape.sizes, Int64(shape.count), dtype.code), "tensor")
  }

  /// A tensor over `bytes` without a copy. `owner` is kept until the last tensor on that memory goes; the memory may be
  /// read-only, so the tensor must never be written.
  public static func borrowing(_ bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType, owner: AnyObject) throws
    -> Tensor
  {
    var needed = dtype.byteWidth
    for size in shape {
      let (product, overflow) = needed.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else {
        throw TorchError(operation: "tensor", operands: [], reason: "shape \(shape) is too large")
      }
      needed = product
    }
    guard needed == bytes.count else {
      throw TorchError(
        operation: "tensor", operands: [], reason: "shape \(shape) needs \(needed) bytes, got \(bytes.count)")
    }
    guard let address = bytes.baseAddress else { return try empty(shape, dtype: dtype) }
    let context = Unmanaged.passRetained(owner)
    let handle = ctorch_from_memory(
      address, shape.sizes, Int64(shape.count), dtype.code,
      { pointer in
        if let pointer { Unmanaged<AnyObject>.fromOpaque(pointer).release() }
      }, context.toOpaque())
    guard let handle else {
      context.release()
      throw TorchError.last("tensor")
    }
    return Tensor(owning: handle)
  }
}
