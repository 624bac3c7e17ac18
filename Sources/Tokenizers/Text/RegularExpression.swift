import Basics
import Foundation

/// A compiled regular expression with the meaning that the reference (Oniguruma) gives it.
struct RegularExpression: @unchecked Sendable {
  // NSRegularExpression is immutable and documented as safe to use from several threads.
  private let expression: NSRegularExpression

  /// - Throws: ``Failure`` naming `location` when the expression does not compile.
  init(_ pattern: String, at location: Location) throws {
    do {
      expression = try NSRegularExpression(
        pattern: Self.translated(pattern), options: [.anchorsMatchLines, .useUnixLineSeparators])
    } catch {
      throw Failure(.badData, at: location, "the regular expression does not compile")
    }
  }

  /// Calls `add` with the byte range of every match.
  func matches(in bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ add: (Int, Int) -> Void) {
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
    var units = 0
    var index = start
    var previousEnd = -1
    // Matches come in order, so one walk over the bytes turns all UTF-16 offsets into byte offsets.
    func byteOffset(_ target: Int) -> Int {
      while units < target, index < end {
        let length = readScalar(bytes, at: index, end: end).length
        units += length == 4 ? 2 : 1
        index += length
      }
      return index
    }
    for result in expression.matches(in: text, range: NSRange(location: 0, length: text.utf16.count)) {
      let first = byteOffset(result.range.location)
      let last = byteOffset(result.range.location + result.range.length)
      // An empty match right behind another match does not count.
      if first == last, first == previousEnd { continue }
      add(first, last)
      previousEnd = last
    }
  }

  /// The pattern in Foundation's syntax.
  static func translated(_ pattern: String) -> String {
    var translation = OnigurumaTranslation(pattern)
    return translation.run()
  }
}
