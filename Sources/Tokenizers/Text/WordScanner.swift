/// The two families of word-splitting expressions that byte-level tokenizers use, as hand-written scanners. Every
/// character belongs to a match.
enum WordScanner: Sendable, Equatable {
  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+` (GPT-2, GPT-NeoX).
  case words

  /// The scanner of an expression, where there is one.
  init?(expression: String) {
    switch expression {
    case #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: self = .words
    default: return nil
    }
  }

  /// Calls `emit` with the end of each match in `bytes[start..<end]`.
  @inline(__always)
  func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ emit: (Int) -> Void) {
    var index = start
    while index < end {
      index = Self.wordEnd(bytes, index, end)
      emit(index)
    }
  }

  private static func wordEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    let first = bytes[start]
    if first == UInt8(ascii: "'") {
      let length = contractionLength(bytes, start, end)
      if length > 0 { return start + length }
    }
    let scalar = readScalar(bytes, at: start, end: end)
    let kind = CharacterClasses.kind(scalar.value)
    if kind != .space { return runEnd(bytes, start + scalar.length, end, kind) }
    if first == UInt8(ascii: " "), start + 1 < end {
      let next = readScalar(bytes, at: start + 1, end: end)
      let nextKind = CharacterClasses.kind(next.value)
      if nextKind != .space { return runEnd(bytes, start + 1 + next.length, end, nextKind) }
    }
    let spacesEnd = runEnd(bytes, start + scalar.length, end, .space)
    if spacesEnd == end { return end }
    // A word follows: the last space is left to it, unless it is the only one.
    let last = readScalar(bytes, before: spacesEnd, start: start)
    let shorter = spacesEnd - last.length
    return shorter > start ? shorter : spacesEnd
  }

  @inline(__always)
  private static func runEnd(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ kind: CharacterClasses.Kind
  ) -> Int {
    var index = start
    while index < end {
      let scalar = readScalar(bytes, at: index, end: end)
      guard CharacterClasses.kind(scalar.value) == kind else { break }
      index += scalar.length
    }
    return index
  }

  private static func contractionLength(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    guard start + 1 < end else { return 0 }
    switch bytes[start + 1] {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return 2
    case UInt8(ascii: "r"), UInt8(ascii: "v"): return start + 2 < end && bytes[start + 2] == UInt8(ascii: "e") ? 3 : 0
    case UInt8(ascii: "l"): return start + 2 < end && bytes[start + 2] == UInt8(ascii: "l") ? 3 : 0
    default: return 0
    }
  }
}
