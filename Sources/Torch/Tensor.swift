import LazyTorch

/// A LibTorch tensor. The class owns one C handle and frees it when the last reference goes; operations give new
/// tensors and throw ``TorchError``.
///
/// Not `Sendable`: LibTorch keeps one thread team per calling thread, so all work belongs on one thread.
public final class Tensor: CustomStringConvertible {
  let handle: OpaquePointer

  init(owning handle: OpaquePointer) { self.handle = handle }

  deinit { ctorch_free(handle) }

  /// Takes the result of a C call.
  static func take(_ handle: OpaquePointer?, _ operation: String, _ operands: Tensor...) throws -> Tensor {
    guard let handle else { throw TorchError.last(operation, operands) }
    return Tensor(owning: handle)
  }

  static func check(_ succeeded: Bool, _ operation: String, _ operands: Tensor...) throws {
    guard succeeded else { throw TorchError.last(operation, operands) }
  }

  /// Sizes, outermost first.
  public var shape: [Int] { (0..<ctorch_rank(handle)).map { Int(ctorch_size(handle, $0)) } }

  /// Number of elements.
  public var count: Int { Int(ctorch_count(handle)) }

  public var dtype: DType { DType(code: ctorch_dtype_of(handle)) ?? .uint8 }

  public var byteCount: Int { Int(ctorch_byte_count(handle)) }

  /// `float32[2, 3]`: dtype and shape, never values.
  public var description: String { "\(dtype.rawValue)\(shape)" }

  /// Size along one dimension; negative dimensions count from the end.
  public func size(_ dimension: Int) throws -> Int {
    let size = ctorch_size(handle, Int64(dimension))
    guard size >= 0 else { throw TorchError.last("size", [self]) }
    return Int(size)
  }
}

extension Array where Element == Int {
  /// The sizes as C wants them.
  var sizes: [Int64] { map(Int64.init) }
}
