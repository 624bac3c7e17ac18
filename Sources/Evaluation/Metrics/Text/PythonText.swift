/// Python's `str.strip`, `str.lower` and `repr(float)`, on which the published scores are built.
///
/// Swift's own `lowercased()` leaves a capital sigma at the end of a word as `σ` where Python writes `ς`, and its
/// white space differs (Python strips U+001C to U+001F as well).
public enum PythonText {
  /// True for what `str.isspace` calls white space.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  /// `text.strip()`.
  public static func stripped(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !isSpace($0) }), let last = scalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(scalars[first...last])
  }

  /// `text.lower()`: full Unicode lower case, with the final sigma by its context.
  ///
  /// The mapping is the one of the Swift runtime's Unicode version; letters that a newer Unicode added lower here and
  /// not in an older Python.
  public static func lowercased(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      if scalar == "Σ" {
        result.append(isFinalSigma(at: index, in: scalars) ? "ς" : "σ")
      } else {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return String(result)
  }

  /// Final_Sigma of the Unicode standard, table 3-17: a cased letter before, none after, case-ignorable ones skipped.
  private static func isFinalSigma(at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
    let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
    guard let before, before.properties.isCased else { return false }
    let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return after.map { !$0.properties.isCased } ?? true
  }

  /// `repr(value)`: the shortest digits that read back the same; an exponent below 1e-4 and from 1e16 on.
  public static func representation(of value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    // Swift prints the same shortest digits, but goes over to an exponent at 2^53, where every value is an integer.
    guard value.magnitude >= 0x1p53, value.magnitude < 1e16, let integer = Int(exactly: value) else {
      return value.description
    }
    return "\(integer).0"
  }
}
