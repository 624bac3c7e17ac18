import Basics
import Foundation

/// Numbers as a reader wants them: grouped thousands, a true minus sign, powers of ten where digits would not do.
package enum NumberText {
  /// What stands where there is no value.
  package static let missing = "–"

  /// `12,345`.
  package static func grouped(_ value: Int) -> String {
    var digits = Array(String(value.magnitude))
    for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
    return (value < 0 ? "\u{2212}" : "") + String(digits)
  }

  /// `0.123`; very large values, and from three digits on very small ones, as a power of ten; `undefined` for what is
  /// not a number.
  package static func decimal(_ value: Double, digits: Int = 3) -> String {
    guard !value.isNaN else { return "undefined" }
    guard value.isFinite else { return value < 0 ? "\u{2212}∞" : "∞" }
    let size = abs(value)
    if size >= 1e6 || digits >= 3 && size > 0 && size < 0.5 * pow(10, -Double(digits)) { return power(value) }
    return withMinus(fixed(value, digits))
  }

  package static func decimal(_ value: Double?, digits: Int = 3) -> String {
    value.map { decimal($0, digits: digits) } ?? missing
  }

  /// `+0.123`, `−0.123`; no sign where all digits are 0.
  package static func signed(_ value: Double, digits: Int = 3) -> String {
    let text = decimal(value, digits: digits)
    return value > 0 && text.contains { $0.isNumber && $0 != "0" } ? "+" + text : text
  }

  /// `1.5×10⁻⁵`; `10⁻⁵` for a mantissa of one.
  package static func power(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return decimal(value) }
    let parts = String(format: "%.1e", value).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return String(value) }
    let mantissa = parts[0].hasSuffix(".0") ? String(parts[0].dropLast(2)) : String(parts[0])
    let ten = "10" + superscript(exponent)
    switch mantissa {
    case "1": return ten
    case "-1": return "\u{2212}" + ten
    default: return withMinus(mantissa) + "×" + ten
    }
  }

  /// `42 seconds`, `12.4 minutes`, `3.1 hours`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return missing }
    if seconds >= 5400 { return decimal(seconds / 3600, digits: 1) + " hours" }
    if seconds >= 90 { return decimal(seconds / 60, digits: 1) + " minutes" }
    return decimal(seconds, digits: seconds < 10 ? 1 : 0) + " seconds"
  }

  /// `1.9 GiB`.
  package static func bytes(_ count: Int) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var (value, unit) = (Double(max(0, count)), 0)
    while value >= 1024, unit + 1 < units.count { (value, unit) = (value / 1024, unit + 1) }
    return decimal(value, digits: unit == 0 || value >= 100 ? 0 : 1) + " " + units[unit]
  }

  package static func withMinus(_ text: String) -> String {
    guard text.hasPrefix("-") else { return text }
    let digits = text.dropFirst()
    return digits.contains { $0.isNumber && $0 != "0" } ? "\u{2212}" + digits : String(digits)
  }

  private static func superscript(_ value: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return (value < 0 ? "⁻" : "") + String(String(value.magnitude).compactMap(\.wholeNumberValue).map { digits[$0] })
  }
}
