import Basics

/// The types of a GGUF metadata value, numbered as in the file.
public enum GGUFValueType: UInt32, Sendable {
  case uint8 = 0
  case int8 = 1
  case uint16 = 2
  case int16 = 3
  case uint32 = 4
  case int32 = 5
  case float32 = 6
  case bool = 7
  case string = 8
  case array = 9
  case uint64 = 10
  case int64 = 11
  case float64 = 12

  /// Bytes of a value; nil when they depend on the value.
  var byteWidth: Int? {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    case .string, .array: nil
    }
  }

  /// The fewest bytes a value can take: a string has its length, an array its type and count.
  var minimumByteCount: Int { byteWidth ?? (self == .string ? 8 : 12) }
}

/// A metadata value.
public enum GGUFValue: Sendable, Equatable {
  case integer(Int64)
  /// An unsigned 64-bit value that does not fit in `Int64`.
  case unsigned(UInt64)
  case float(Double)
  case bool(Bool)
  case string(String)
  /// Left in the file until asked for.
  case array(GGUFArray)

  /// What the value is, for error messages.
  public var kindName: String {
    switch self {
    case .integer: "an integer"
    case .unsigned: "an integer of more than 63 bits"
    case .float: "a number"
    case .bool: "a boolean"
    case .string: "a string"
    case .array: "an array"
    }
  }
}

/// An array in a file whose bounds have been checked, elements of nested arrays included.
public struct GGUFArray: Sendable, Equatable {
  public let elementType: GGUFValueType
  public let count: Int
  /// Where the elements begin in the file.
  let start: Int
}

extension GGUFCursor {
  /// How deep arrays may nest.
  private static var maximumDepth: Int { 4 }

  mutating func valueType(_ what: @autoclosure () -> String) throws -> GGUFValueType {
    let code = try integer(UInt32.self, "the type of \(what())")
    guard let type = GGUFValueType(rawValue: code) else {
      throw Failure(.badData, at: location, "\(what()): expected a value type of 0 to 12, found \(code)")
    }
    return type
  }

  /// A value of this type; arrays are stepped over and checked, not read.
  mutating func value(_ type: GGUFValueType, _ what: @autoclosure () -> String, depth: Int = 0) throws -> GGUFValue {
    switch type {
    case .uint8: return .integer(Int64(try integer(UInt8.self, what())))
    case .int8: return .integer(Int64(try integer(Int8.self, what())))
    case .uint16: return .integer(Int64(try integer(UInt16.self, what())))
    case .int16: return .integer(Int64(try integer(Int16.self, what())))
    case .uint32: return .integer(Int64(try integer(UInt32.self, what())))
    case .int32: return .integer(Int64(try integer(Int32.self, what())))
    case .int64: return .integer(try integer(Int64.self, what()))
    case .uint64:
      let value = try integer(UInt64.self, what())
      return Int64(exactly: value).map(GGUFValue.integer) ?? .unsigned(value)
    case .float32: return .float(Double(Float(bitPattern: try integer(UInt32.self, what()))))
    case .float64: return .float(Double(bitPattern: try integer(UInt64.self, what())))
    case .bool:
      let value = try integer(UInt8.self, what())
      guard value <= 1 else {
        throw Failure(.badData, at: location, "\(what()): expected a boolean of 0 or 1, found \(value)")
      }
      return .bool(value == 1)
    case .string: return .string(try string(what()))
    case .array: return .array(try array(what(), depth: depth))
    }
  }

  private mutating func array(_ what: @autoclosure () -> String, depth: Int) throws -> GGUFArray {
    guard depth < Self.maximumDepth else {
      throw Failure(.badData, at: location, "\(what()): arrays nest deeper than \(Self.maximumDepth) levels")
    }
    let type = try valueType(what())
    let count = try count(ofAtLeast: type.minimumByteCount, "the number of elements of \(what())")
    let start = position
    if let width = type.byteWidth {
      // Cannot overflow: the count was checked against the rest of the file.
      try advance(count * width, what())
    } else if type == .string {
      for _ in 0..<count {
        let length = try self.count(ofAtLeast: 1, "the length of a string in \(what())")
        try advance(length, what())
      }
    } else {
      for _ in 0..<count { _ = try array(what(), depth: depth + 1) }
    }
    return GGUFArray(elementType: type, count: count, start: start)
  }
}
