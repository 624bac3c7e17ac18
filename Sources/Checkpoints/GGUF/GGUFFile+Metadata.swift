import Basics

/// Typed reading of metadata: nil when the key is not there, an error that names the key when the value is of the wrong
/// kind.
extension GGUFFile {
  public func location(_ key: String) -> Location { Location(file: path, field: key.shown) }

  private func mismatch(_ key: String, _ expected: String, _ found: String) -> Failure {
    Failure.mismatch(at: location(key), expected: expected, found: found)
  }

  public func string(_ key: String) throws -> String? {
    guard let value = metadata[key] else { return nil }
    guard case .string(let text) = value else { throw mismatch(key, "a string", value.kindName) }
    return text
  }

  public func bool(_ key: String) throws -> Bool? {
    guard let value = metadata[key] else { return nil }
    guard case .bool(let flag) = value else { throw mismatch(key, "a boolean", value.kindName) }
    return flag
  }

  public func int(_ key: String) throws -> Int? {
    guard let value = metadata[key] else { return nil }
    guard case .integer(let integer) = value else { throw mismatch(key, "an integer", value.kindName) }
    return Int(integer)
  }

  public func double(_ key: String) throws -> Double? {
    switch metadata[key] {
    case nil: return nil
    case .float(let number) where number.isFinite: return number
    case .float: throw mismatch(key, "a finite number", "another")
    case .integer(let integer): return Double(integer)
    case .some(let value): throw mismatch(key, "a number", value.kindName)
    }
  }

  /// An array of strings.
  public func strings(_ key: String) throws -> [String]? {
    guard let array = try array(key, "an array of strings", [.string]) else { return nil }
    var cursor = try cursor(at: array, key)
    var result: [String] = []
    result.reserveCapacity(array.count)
    for index in 0..<array.count { result.append(try cursor.string("element \(index) of '\(key)'")) }
    return result
  }

  /// An array of integers of at most 32 bits.
  public func ints(_ key: String) throws -> [Int]? {
    let types: [GGUFValueType] = [.uint8, .int8, .uint16, .int16, .uint32, .int32]
    return try numbers(key, "an array of integers", types) {
      if case .integer(let integer) = $0 { Int(integer) } else { nil }
    }
  }

  /// An array of floating-point numbers.
  public func doubles(_ key: String) throws -> [Double]? {
    try numbers(key, "an array of numbers", [.float32, .float64]) {
      if case .float(let number) = $0 { number } else { nil }
    }
  }

  private func numbers<Number>(
    _ key: String, _ expected: String, _ types: [GGUFValueType], _ read: (GGUFValue) -> Number?
  ) throws -> [Number]? {
    guard let array = try array(key, expected, types) else { return nil }
    var cursor = try cursor(at: array, key)
    var result: [Number] = []
    result.reserveCapacity(array.count)
    for _ in 0..<array.count {
      guard let number = read(try cursor.value(array.elementType, key)) else {
        throw mismatch(key, expected, "another")
      }
      result.append(number)
    }
    return result
  }

  private func array(_ key: String, _ expected: String, _ types: [GGUFValueType]) throws -> GGUFArray? {
    guard let value = metadata[key] else { return nil }
    guard case .array(let array) = value else { throw mismatch(key, expected, value.kindName) }
    guard types.contains(array.elementType) else { throw mismatch(key, expected, "an array of \(array.elementType)") }
    return array
  }

  private func cursor(at array: GGUFArray, _ key: String) throws -> GGUFCursor {
    var cursor = GGUFCursor(file.bytes, at: Location(file: path))
    try cursor.advance(array.start, "'\(key)'")
    return cursor
  }
}
