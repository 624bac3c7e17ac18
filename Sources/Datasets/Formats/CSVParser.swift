import Basics

/// The state of reading CSV: records one after another from bytes.
struct CSVParser {
  private let bytes: UnsafeRawBufferPointer
  private let location: Location
  private var position = 0
  private var line = 1

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let lineFeed: UInt8 = 0x0A
  private static let carriageReturn: UInt8 = 0x0D

  init(bytes: UnsafeRawBufferPointer, location: Location) {
    self.bytes = bytes
    self.location = location
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// The next record that is not a blank line, and the line where it starts; nil at the end of the file.
  mutating func next() throws -> (fields: [String], line: Int)? {
    while try skipLineEnd() {}
    guard position < bytes.count else { return nil }
    let start = line
    var fields: [String] = []
    while true {
      fields.append(try current == Self.quote ? quoted() : plain())
      if current == Self.comma {
        position += 1
        continue
      }
      if current != nil { _ = try skipLineEnd() }
      return (fields, start)
    }
  }

  private mutating func skipLineEnd() throws -> Bool {
    if current == Self.carriageReturn {
      guard position + 1 < bytes.count, bytes[position + 1] == Self.lineFeed else {
        throw failure(
          line, "a carriage return outside quotes that no line feed follows",
          hint: "put the field in double quotes, or end lines with LF or CRLF")
      }
      position += 1
    }
    guard current == Self.lineFeed else { return false }
    position += 1
    line += 1
    return true
  }

  private mutating func plain() throws -> String {
    let start = position
    while let byte = current, byte != Self.comma, byte != Self.lineFeed, byte != Self.carriageReturn {
      guard byte != Self.quote else {
        throw failure(
          line, "a double quote inside a field that does not start with one",
          hint: "put the field in double quotes and double the quotes inside it")
      }
      position += 1
    }
    return try text(bytes[start..<position], line)
  }

  private mutating func quoted() throws -> String {
    let startLine = line
    position += 1
    var start = position
    var pieces: [UInt8] = []
    while let byte = current {
      if byte == Self.lineFeed { line += 1 }
      position += 1
      guard byte == Self.quote else { continue }
      if current == Self.quote {
        pieces.append(contentsOf: bytes[start..<position])
        position += 1
        start = position
        continue
      }
      if let after = current, after != Self.comma, after != Self.lineFeed, after != Self.carriageReturn {
        throw failure(line, "text after a closing double quote", hint: "double the quotes inside a quoted field")
      }
      let last = bytes[start..<position - 1]
      return pieces.isEmpty ? try text(last, startLine) : try text(pieces + last, startLine)
    }
    throw failure(startLine, "a double quote opens a field here and never closes")
  }

  private func text(_ bytes: some Sequence<UInt8>, _ line: Int) throws -> String {
    guard let text = String(validating: Array(bytes), as: UTF8.self) else {
      throw failure(line, "a field is not valid UTF-8", hint: "save the file as UTF-8")
    }
    return text
  }

  private func failure(_ line: Int, _ message: String, hint: String? = nil) -> Failure {
    Failure(.badData, at: location.at(line: line), "invalid CSV: \(message)", hint: hint)
  }
}
