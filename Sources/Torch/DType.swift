import LazyTorch

/// The element type of a tensor.
public enum DType: String, Sendable, CaseIterable {
  case float32, bfloat16, float16, int64, bool, float64, int32, uint8

  /// Bytes of one element.
  public var byteWidth: Int {
    switch self {
    case .bool, .uint8: 1
    case .bfloat16, .float16: 2
    case .float32, .int32: 4
    case .int64, .float64: 8
    }
  }

  var code: ctorch_dtype {
    switch self {
    case .float32: ctorch_float32
    case .bfloat16: ctorch_bfloat16
    case .float16: ctorch_float16
    case .int64: ctorch_int64
    case .bool: ctorch_bool
    case .float64: ctorch_float64
    case .int32: ctorch_int32
    case .uint8: ctorch_uint8
    }
  }

  init?(code: Int32) {
    guard let match = Self.allCases.first(where: { Int32($0.code.rawValue) == code }) else { return nil }
    self = match
  }
}
