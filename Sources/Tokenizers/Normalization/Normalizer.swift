import Basics

/// The `normalizer` of tokenizer.json: what is done to text before it is cut into words.
indirect enum Normalizer: Sendable {
  case unicode(UnicodeNormalization)
  case lowercase
  case strip(left: Bool, right: Bool)
  case stripAccents
  case replace(TextPattern, content: [UInt8])
  case prepend([UInt8])
  case byteLevel
  case sequence([Normalizer])

  private static let supported = [
    "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Strip", "StripAccents", "Replace", "Prepend", "ByteLevel", "Sequence",
  ]

  /// - Throws: ``Failure`` naming an unknown `type` and the supported ones, or a field that is wrong.
  init(_ component: Component) throws {
    switch component.type {
    case "NFC": self = .unicode(.canonicalComposition)
    case "NFD": self = .unicode(.canonicalDecomposition)
    case "NFKC": self = .unicode(.compatibilityComposition)
    case "NFKD": self = .unicode(.compatibilityDecomposition)
    case "Lowercase": self = .lowercase
    case "Strip":
      self = .strip(left: try component.bool("strip_left"), right: try component.bool("strip_right"))
    case "StripAccents": self = .stripAccents
    case "Replace":
      self = .replace(try component.pattern(), content: try component.bytes("content"))
      try requireModestGrowth(component)
    case "Prepend": self = .prepend(try component.bytes("prepend"))
    case "ByteLevel": self = .byteLevel
    case "Sequence":
      self = .sequence(try component.parts("normalizers").map(Normalizer.init))
      try requireModestGrowth(component)
    default: throw component.unsupported("normalizer", Self.supported)
    }
  }

  /// How many times as long a long text can become, at most.
  private var growth: Double {
    switch self {
    case .replace(.literal(let pattern), let content):
      max(1, Double(content.count) / Double(max(1, pattern.count)))
    // A match may be of nothing, before every byte.
    case .replace(_, let content): 1 + Double(content.count)
    // Unicode's own limit, of compatibility decomposition in UTF-8.
    case .unicode: 11
    case .byteLevel, .lowercase: 3
    case .sequence(let normalizers): normalizers.reduce(1) { $0 * $1.growth }
    case .strip, .stripAccents, .prepend: 1
    }
  }

  /// Replacements of replacements grow without end.
  private func requireModestGrowth(_ component: Component) throws {
    let most = 1e5
    guard growth > most else { return }
    let times = growth < 1e15 ? String(Int(growth)) : "10¹⁵ and more"
    throw Failure(
      .badData, at: component.location,
      "it can make a text \(times) times as long, where \(Int(most)) times is the most that is read",
      hint: "the tokenizer's file may be damaged")
  }

  /// Normalises a text.
  /// - Parameter start: how many scalars at the start come from the text's first character; 0 when it is gone.
  func apply(_ bytes: inout [UInt8], start: inout Int) {
    switch self {
    case .unicode(let form):
      if start > 0 { start = max(1, Self.scalarCount(form.normalized(Self.prefix(bytes, start)))) }
      bytes = form.normalized(bytes)
    case .lowercase:
      if start > 0 { start = Self.scalarCount(Self.lowercased(Self.prefix(bytes, start))) }
      bytes = Self.lowercased(bytes)
    case .strip(let left, let right): Self.strip(&bytes, left: left, right: right, start: &start)
    case .stripAccents:
      let kept = { (scalar: Unicode.Scalar) in !CharacterClasses.isCombiningMark(scalar) }
      if start > 0 { start = Self.scalarCount(Self.filtered(Self.prefix(bytes, start), kept)) }
      bytes = Self.filtered(bytes, kept)
    case .replace(let pattern, let content):
      if start > 0, Self.removesStart(bytes, pattern, content) { start = 0 }
      bytes = pattern.replacing(bytes, with: content)
    case .prepend(let prefix): if !bytes.isEmpty { bytes = prefix + bytes }
    case .byteLevel: bytes = ByteAlphabet.encode(bytes)
    case .sequence(let normalizers):
      for normalizer in normalizers { normalizer.apply(&bytes, start: &start) }
    }
  }

  private static func lowercased(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    bytes.forEachScalar { value, range in
      if value < 0x80 {
        let byte = UInt8(truncatingIfNeeded: value)
        result.append(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
      } else if let scalar = Unicode.Scalar(value) {
        result += scalar.properties.lowercaseMapping.utf8
      }
    }
    return result
  }

  private static func scalarCount(_ bytes: [UInt8]) -> Int {
    var count = 0
    bytes.forEachScalar { _, _ in count += 1 }
    return count
  }

  /// The first `count` scalars.
  private static func prefix(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
    var seen = 0
    var end = 0
    for (index, byte) in bytes.enumerated() {
      if byte & 0xC0 != 0x80 { seen += 1 }
      if seen > count { break }
      end = index + 1
    }
    return Array(bytes[..<end])
  }

  private static func filtered(_ bytes: [UInt8], _ isKept: (Unicode.Scalar) -> Bool) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    bytes.forEachScalar { value, range in
      if let scalar = Unicode.Scalar(value), isKept(scalar) { result += bytes[range] }
    }
    return result
  }

  private static func strip(_ bytes: inout [UInt8], left: Bool, right: Bool, start first: inout Int) {
    let kept = bytes.withUnsafeBufferPointer { buffer -> Range<Int> in
      var start = 0
      var end = buffer.count
      while left, start < end {
        let scalar = readScalar(buffer, at: start, end: end)
        guard let character = Unicode.Scalar(scalar.value), CharacterClasses.isWhitespace(character) else { break }
        start += scalar.length
      }
      while right, end > start {
        let scalar = readScalar(buffer, before: end, start: start)
        guard let character = Unicode.Scalar(scalar.value), CharacterClasses.isWhitespace(character) else { break }
        end -= scalar.length
      }
      return start..<end
    }
    if kept.lowerBound > 0 { first = max(0, first - scalarCount(Array(bytes[..<kept.lowerBound]))) }
    if kept.count < bytes.count { bytes = Array(bytes[kept]) }
  }

  /// The reference aligns a replacement with the last character it replaces, so only the replacement of a single
  /// character still stands at the start of the text.
  private static func removesStart(_ bytes: [UInt8], _ pattern: TextPattern, _ content: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      guard let first = pattern.segments(buffer, 0, buffer.count).first, first.isMatch else { return false }
      let length = readScalar(buffer, at: 0, end: buffer.count).length
      return content.isEmpty ? first.end > 0 : first.end > length
    }
  }
}
