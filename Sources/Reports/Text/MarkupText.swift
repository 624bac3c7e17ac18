import Basics

/// Text of others inside HTML and SVG.
package enum MarkupText {
  /// Escapes what markup gives a meaning, in content and in quoted attributes. Line breaks and tabs become spaces; other
  /// control characters, directional overrides and code points that XML forbids are left out.
  ///
  /// It goes by Unicode scalars: to go by `Character` would let through a quote that a combining accent follows.
  package static func escaped(_ text: String) -> String {
    var output = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;".unicodeScalars
      case "<": output += "&lt;".unicodeScalars
      case ">": output += "&gt;".unicodeScalars
      case "\"": output += "&quot;".unicodeScalars
      case "'": output += "&#39;".unicodeScalars
      case "\n", "\r", "\t": output.append(" ")
      default: if isShown(scalar) { output.append(scalar) }
      }
    }
    return String(output)
  }

  /// The text with its end cut so that it takes at most so many columns.
  package static func shortened(_ text: String, to columns: Int) -> String {
    guard DisplayWidth.of(text) > columns else { return text }
    var (kept, width) = ("", 1)
    for character in text {
      width += DisplayWidth.of(String(character))
      if width > columns { break }
      kept.append(character)
    }
    return kept + "…"
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: false
    case 0x2028...0x202E, 0x2066...0x2069: false
    case 0xFDD0...0xFDEF: false
    default: scalar.value & 0xFFFE != 0xFFFE
    }
  }
}
