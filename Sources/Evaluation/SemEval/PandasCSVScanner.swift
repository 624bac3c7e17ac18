import Basics

/// Cuts the bytes of a CSV file into records and cells; see ``PandasCSV`` for the dialect.
struct PandasCSVScanner {
  private let bytes: UnsafeRawBufferPointer
  private let location: Location
  private var position = 0
  private var line = 1

  init(bytes: UnsafeRawBufferPointer, location: Location) {
    self.bytes = bytes
    self.location = location
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
  }

  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }
  private var isAtLineEnd: Bool { current.map { $0 == Self.newline || $0 == Self.carriageReturn } ?? true }

  /// The next record that is not blank, with the line it starts on; nil at the end of the file.
  mutating func record() throws -> (line: Int, cells: [[UInt8]])? {
    skipBlankLines()
    guard position < bytes.count else { return nil }
    let start = line
    var cells = [try cell(from: start)]
    while current == Self.comma {
      position += 1
      cells.append(try cell(from: start))
    }
    skipLineEnd()
    return (start, cells)
  }

  private mutating func skipBlankLines() {
    while position < bytes.count {
      let start = position
      while current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") { position += 1 }
      guard isAtLineEnd else {
        position = start
        return
      }
      skipLineEnd()
    }
  }

  private mutating func skipLineEnd() {
    guard let end = current else { return }
    position += 1
    if end == Self.carriageReturn, current == Self.newline { position += 1 }
    line += 1
  }

  /// One cell, up to the comma or line end after it.
  private mutating func cell(from recordLine: Int) throws -> [UInt8] {
    var result: [UInt8] = []
    if current == Self.quote {
      position += 1
      try quoted(into: &result, from: recordLine)
    }
    // What follows a closing quote belongs to the cell, and further quotes stand for themselves.
    while let byte = current, byte != Self.comma, !isAtLineEnd {
      result.append(byte)
      position += 1
    }
    return result
  }

  private mutating func quoted(into result: inout [UInt8], from recordLine: Int) throws {
    while let byte = current {
      position += 1
      if byte == Self.quote {
        guard current == Self.quote else { return }
        position += 1
      } else if byte == Self.newline || byte == Self.carriageReturn && current != Self.newline {
        line += 1
      }
      result.append(byte)
    }
    throw Failure(
      .badData, at: location.at(line: recordLine), "a quoted cell of this record is not closed",
      hint: "the file may be cut off")
  }
}
