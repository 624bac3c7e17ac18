import Basics

/// `Metaspace`, as a pre-tokenizer and as a decoder: spaces are written as a visible character (usually `▁`).
struct Metaspace: Sendable {
  enum PrependScheme: String, CaseIterable {
    case always, first, never
  }

  let replacement: [UInt8]
  let prependScheme: PrependScheme
  let splits: Bool

  init(_ component: Component) throws {
    replacement = Array(String(Character(try component.scalar("replacement"))).utf8)
    splits = try component.bool("split", default: true)
    var scheme = PrependScheme.always
    if component.fields.has("prepend_scheme") {
      let name = try component.string("prepend_scheme")
      guard let named = PrependScheme(rawValue: name) else {
        throw Failure.mismatch(
          at: component.location.appending(field: "prepend_scheme"), expected: "always, first or never",
          found: "'\(name.shown)'")
      }
      scheme = named
    }
    if component.fields.has("add_prefix_space"), try !component.bool("add_prefix_space") {
      guard scheme == .never else {
        throw Failure(
          .badData, at: component.location.appending(field: "add_prefix_space"),
          "false contradicts prepend_scheme '\(scheme.rawValue)'", hint: "set prepend_scheme to 'never'")
      }
    }
    prependScheme = scheme
  }

  /// Rewrites a piece and appends its parts to `output`.
  func apply(_ piece: Piece, of bytes: UnsafeBufferPointer<UInt8>, into output: inout PiecedText) {
    let start = output.bytes.count
    let text = UnsafeBufferPointer(rebasing: bytes[piece.start..<piece.end])
    let begins = text.first == UInt8(ascii: " ") || text.starts(with: replacement)
    if !begins, prependScheme == .always || prependScheme == .first && piece.isAtTextStart {
      output.bytes += replacement
    }
    for byte in text {
      if byte == UInt8(ascii: " ") { output.bytes += replacement } else { output.bytes.append(byte) }
    }
    let end = output.bytes.count
    guard splits else {
      output.pieces.append(Piece(start: start, end: end, isAtTextStart: piece.isAtTextStart))
      return
    }
    let ranges = output.bytes.withUnsafeBufferPointer {
      SplitBehavior.mergedWithNext.ranges(TextPattern.literal(replacement).segments($0, start, end))
    }
    for range in ranges where !range.isEmpty {
      let isFirst = range.lowerBound == start
      output.pieces.append(
        Piece(start: range.lowerBound, end: range.upperBound, isAtTextStart: isFirst && piece.isAtTextStart))
    }
  }

  /// The token's text: spaces again, and none at the very start where one was put there.
  func decoded(_ token: [UInt8], isFirst: Bool) -> [UInt8] {
    let space: [UInt8] = isFirst && prependScheme != .never ? [] : [UInt8(ascii: " ")]
    return TextPattern.literal(replacement).replacing(token, with: space)
  }
}
