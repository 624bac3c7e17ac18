import Basics

/// Reads a GGUF header forwards; every read is checked against the end of the file first.
struct GGUFCursor {
  let bytes: UnsafeRawBufferPointer
  let location: Location
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer, at location: Location) {
    self.bytes = bytes
    self.location = location
  }

  var remaining: Int { bytes.count - position }

  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type, _ what: @autoclosure () -> String) throws -> Value
  {
    let start = try advance(MemoryLayout<Value>.size, what())
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: Value.self))
  }

  /// A count of things that take at least `minimumSize` bytes each: never more than the rest of the file can hold, so
  /// that a loop or an allocation of that size is bounded by the file.
  mutating func count(ofAtLeast minimumSize: Int, _ what: @autoclosure () -> String) throws -> Int {
    let claimed = try integer(UInt64.self, what())
    guard claimed <= UInt64(remaining / max(1, minimumSize)) else {
      throw Failure(
        .badData, at: location, "\(what()): the file claims \(claimed), but only \(remaining) bytes follow",
        hint: "the file may be cut short or damaged; fetch it again")
    }
    return Int(claimed)
  }

  /// Steps over `count` bytes and returns where they begin.
  @discardableResult
  mutating func advance(_ count: Int, _ what: @autoclosure () -> String) throws -> Int {
    guard count >= 0, count <= remaining else {
      throw Failure(
        .badData, at: location, "the file ends at byte \(bytes.count), inside \(what())",
        hint: "the file may be cut short; fetch it again")
    }
    defer { position += count }
    return position
  }

  mutating func string(_ what: @autoclosure () -> String, maximumLength: Int = .max) throws -> String {
    let count = try count(ofAtLeast: 1, "the length of \(what())")
    guard count <= maximumLength else {
      throw Failure(.badData, at: location, "\(what()) has \(count) bytes; expected at most \(maximumLength)")
    }
    let start = try advance(count, what())
    guard let text = String(validating: bytes[start..<start + count], as: UTF8.self) else {
      throw Failure(.badData, at: location, "\(what()) is not valid UTF-8")
    }
    return text
  }
}
