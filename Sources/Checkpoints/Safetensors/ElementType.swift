/// The type of a tensor's elements, named as a safetensors header names it.
///
/// The order of the cases is the order in which the reference writer sorts tensors, last case first.
public enum ElementType: String, Sendable, CaseIterable, Comparable, CustomStringConvertible {
  case bool = "BOOL"
  case uint8 = "U8"
  case int8 = "I8"
  case float8E5M2 = "F8_E5M2"
  case float8E4M3 = "F8_E4M3"
  case float8E8M0 = "F8_E8M0"
  case float8E4M3FNUZ = "F8_E4M3FNUZ"
  case float8E5M2FNUZ = "F8_E5M2FNUZ"
  case int16 = "I16"
  case uint16 = "U16"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int32 = "I32"
  case uint32 = "U32"
  case float32 = "F32"
  case complex64 = "C64"
  case float64 = "F64"
  case int64 = "I64"
  case uint64 = "U64"

  /// Bytes an element takes.
  public var byteWidth: Int {
    switch self {
    case .bool, .uint8, .int8, .float8E5M2, .float8E4M3, .float8E8M0, .float8E4M3FNUZ, .float8E5M2FNUZ: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .complex64, .float64, .int64, .uint64: 8
    }
  }

  /// The name in a safetensors header, such as `BF16`.
  public var description: String { rawValue }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  public static func < (left: ElementType, right: ElementType) -> Bool { left.rank < right.rank }
}
