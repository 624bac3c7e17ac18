/// The character classes of the reference tokenizers, each frozen at the Unicode version that the reference uses.
///
/// The reference takes its classes from four sources with tables of different age: its regular expressions
/// (Unicode 16), Rust's standard library (17), a punctuation table (8) and a normalisation table (9). A character that
/// is newer than its table counts as unassigned, so ids do not change with the Swift version either.
enum CharacterClasses {
  /// What the GPT-2 expression tells apart: `\p{L}`, `\p{N}`, `\s`, and the rest.
  enum Kind: UInt8 {
    case other, letter, number, space
  }

  /// `\p{L}`, `\p{N}` or `\s`, Unicode 16.
  @inline(__always)
  static func kind(_ value: UInt32) -> Kind {
    if value < tableSize { return kinds[Int(value)] }
    if value >= 0x4E00, value <= 0x9FFF { return .letter }
    if value >= 0xAC00, value <= 0xD7A3 { return .letter }
    return computedKind(value)
  }

  /// Kinds of the scripts that fill most text; the others are looked up in the standard library.
  private static let tableSize: UInt32 = 0x3400
  private static let kinds: [Kind] = (0..<tableSize).map(computedKind)

  private static func computedKind(_ value: UInt32) -> Kind {
    guard let scalar = Unicode.Scalar(value) else { return .other }
    if isWhitespace(scalar) { return .space }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return exists(scalar, in: 16) ? .letter : .other
    case .decimalNumber, .letterNumber, .otherNumber: return exists(scalar, in: 16) ? .number : .other
    default: return .other
    }
  }

  /// `White_Space`; the set has not changed since Unicode 6.3.
  @inline(__always)
  static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x80
      ? scalar.value == 0x20 || scalar.value >= 0x09 && scalar.value <= 0x0D : scalar.properties.isWhitespace
  }

  /// `\w` of Rust's regular expressions, Unicode 16.
  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    let inClass =
      switch properties.generalCategory {
      case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
      default: properties.isAlphabetic || properties.isJoinControl
      }
    return inClass && exists(scalar, in: 16)
  }

  /// `char::is_numeric`, Unicode 17.
  static func isNumeric(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: exists(scalar, in: 17)
    default: false
    }
  }

  /// ASCII punctuation and symbols, and the punctuation of Unicode 8 (in which two characters were still
  /// classed as punctuation that are not now).
  static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      exists(scalar, in: 8)
    case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
      scalar.isASCII || scalar.value == 0x166D
    default: scalar.value == 0x111C9
    }
  }

  /// A combining mark of Unicode 9 (in which three characters were classed otherwise than now).
  static func isCombiningMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: scalar.value != 0x111C9 && exists(scalar, in: 9)
    default: scalar.value == 0x1CF2 || scalar.value == 0x1CF3
    }
  }

  /// Whether the character was assigned in version `major`.0 of Unicode.
  static func exists(_ scalar: Unicode.Scalar, in major: Int) -> Bool {
    guard let age = scalar.properties.age else { return false }
    return age.major < major || age.major == major && age.minor == 0
  }
}
