import Basics
import Foundation

/// A pattern that cuts text into matches and what lies between: the `pattern` of `Split` and `Replace`.
enum TextPattern: Sendable {
  case literal([UInt8])
  case expression(RegularExpression)
  /// The expressions that most byte-level tokenizers use, written out as scanners.
  case scanner(WordScanner)

  /// The segments of `bytes[start..<end]`, contiguous and in order; no segment for empty text.
  func segments(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> [Segment] {
    guard start < end else { return [] }
    var segments: [Segment] = []
    var previous = start
    func add(_ matchStart: Int, _ matchEnd: Int) {
      if previous < matchStart { segments.append(Segment(start: previous, end: matchStart, isMatch: false)) }
      segments.append(Segment(start: matchStart, end: matchEnd, isMatch: true))
      previous = matchEnd
    }
    switch self {
    case .literal(let pattern):
      Self.matches(of: pattern, in: bytes, start, end, add)
    case .expression(let expression):
      expression.matches(in: bytes, start, end, add)
    case .scanner(let scanner):
      var matchStart = start
      scanner.scan(bytes, start, end) { matchEnd in
        add(matchStart, matchEnd)
        matchStart = matchEnd
      }
    }
    if previous < end { segments.append(Segment(start: previous, end: end, isMatch: false)) }
    return segments
  }

  private static func matches(
    of pattern: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ add: (Int, Int) -> Void
  ) {
    guard let first = pattern.first else { return }
    var index = start
    while index + pattern.count <= end {
      if bytes[index] == first, bytes[index..<index + pattern.count].elementsEqual(pattern) {
        add(index, index + pattern.count)
        index += pattern.count
      } else {
        index += 1
      }
    }
  }

  /// Replaces every match in a whole text.
  func replacing(_ bytes: [UInt8], with content: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBufferPointer { buffer in
      let segments = segments(buffer, 0, buffer.count)
      guard segments.contains(where: \.isMatch) else { return bytes }
      var result: [UInt8] = []
      result.reserveCapacity(bytes.count)
      for segment in segments {
        if segment.isMatch { result += content } else { result += buffer[segment.start..<segment.end] }
      }
      return result
    }
  }
}
