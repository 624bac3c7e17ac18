import Basics

/// The lines of a text file in memory: split at LF, a CR before it dropped, a byte-order mark skipped.
struct TextLines: Sequence {
  struct Line {
    /// Counted from 1.
    var number: Int
    var bytes: UnsafeRawBufferPointer
    /// True when there is nothing but spaces and tabs.
    var isBlank: Bool { bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
  }

  private let bytes: UnsafeRawBufferPointer

  /// - Throws: ``Failure`` for UTF-16 and UTF-32, which start with their own marks.
  init(_ file: MappedFile) throws { bytes = try Self.withoutMark(file) }

  /// The bytes of a file after its UTF-8 byte-order mark.
  static func withoutMark(_ file: MappedFile) throws -> UnsafeRawBufferPointer {
    let bytes = file.bytes
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw Failure(
        .badData, at: Location(file: file.path), "expected UTF-8, found UTF-16", hint: "save the file as UTF-8")
    }
    return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeRawBufferPointer(rebasing: bytes[3...]) : bytes
  }

  func makeIterator() -> AnyIterator<Line> {
    var start = 0
    var number = 0
    return AnyIterator {
      guard start < bytes.count else { return nil }
      let rest = bytes[start...]
      let newline = rest.firstIndex(of: 0x0A) ?? bytes.count
      var end = newline
      if end > start, bytes[end - 1] == 0x0D { end -= 1 }
      let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
      start = newline + 1
      number += 1
      return Line(number: number, bytes: line)
    }
  }
}
