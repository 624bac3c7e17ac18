import Basics

/// The `decoder` of tokenizer.json: from a list of tokens back to text. Tokens are bytes throughout, so that a
/// character spread over several tokens comes out whole.
indirect enum TokenDecoder: Sendable {
  case byteLevel
  case byteFallback
  case fuse
  case replace(TextPattern, content: [UInt8])
  case strip(Unicode.Scalar, start: Int, stop: Int)
  case metaspace(Metaspace)
  case wordEnds(suffix: [UInt8])
  case wordPiece(prefix: [UInt8], cleansUp: Bool)
  case sequence([TokenDecoder])

  private static let supported = [
    "ByteLevel", "ByteFallback", "Fuse", "Replace", "Strip", "Metaspace", "BPEDecoder", "WordPiece", "Sequence",
  ]

  /// - Throws: ``Failure`` naming an unknown `type` and the supported ones, or a field that is wrong.
  init(_ component: Component) throws {
    switch component.type {
    case "ByteLevel": self = .byteLevel
    case "ByteFallback": self = .byteFallback
    case "Fuse": self = .fuse
    case "Replace": self = .replace(try component.pattern(), content: try component.bytes("content"))
    case "Strip":
      self = .strip(
        try component.scalar("content"), start: try component.count("start"), stop: try component.count("stop"))
    case "Metaspace": self = .metaspace(try Metaspace(component))
    case "BPEDecoder": self = .wordEnds(suffix: try component.bytes("suffix"))
    case "WordPiece":
      self = .wordPiece(prefix: try component.bytes("prefix"), cleansUp: try component.bool("cleanup"))
    case "Sequence": self = .sequence(try component.parts("decoders").map(TokenDecoder.init))
    default: throw component.unsupported("decoder", Self.supported)
    }
  }

  /// The parts of the text; joined they are the decoded text.
  func decode(_ tokens: [[UInt8]]) -> [[UInt8]] {
    switch self {
    case .byteLevel:
      var bytes: [UInt8] = []
      for token in tokens { ByteAlphabet.decode(token, into: &bytes) }
      return [Array(String(decoding: bytes, as: UTF8.self).utf8)]
    case .byteFallback: return Self.byteFallback(tokens)
    case .fuse: return [Array(tokens.joined())]
    case .replace(let pattern, let content): return tokens.map { pattern.replacing($0, with: content) }
    case .strip(let scalar, let start, let stop):
      let unit = Array(String(Character(scalar)).utf8)
      return tokens.map { Self.strip($0, unit, start, stop) }
    case .metaspace(let metaspace):
      return tokens.enumerated().map { metaspace.decoded($1, isFirst: $0 == 0) }
    case .wordEnds(let suffix):
      return tokens.enumerated().map { index, token in
        TextPattern.literal(suffix).replacing(token, with: index == tokens.count - 1 ? [] : [UInt8(ascii: " ")])
      }
    case .wordPiece(let prefix, let cleansUp): return Self.wordPiece(tokens, prefix, cleansUp)
    case .sequence(let decoders): return decoders.reduce(tokens) { $1.decode($0) }
    }
  }

  /// Turns runs of tokens such as `<0x0A>` into characters; a run that is not UTF-8 becomes one U+FFFD a byte.
  private static func byteFallback(_ tokens: [[UInt8]]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var run: [UInt8] = []
    func flush() {
      guard !run.isEmpty else { return }
      if String(validating: run, as: UTF8.self) != nil {
        result.append(run)
      } else {
        for _ in run { result.append([0xEF, 0xBF, 0xBD]) }
      }
      run = []
    }
    for token in tokens {
      if let byte = fallbackByte(token) {
        run.append(byte)
      } else {
        flush()
        result.append(token)
      }
    }
    flush()
    return result
  }

  private static func fallbackByte(_ token: [UInt8]) -> UInt8? {
    guard token.count == 6, token.starts(with: "<0x".utf8), token[5] == UInt8(ascii: ">") else { return nil }
    return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
  }

  private static func strip(_ token: [UInt8], _ unit: [UInt8], _ start: Int, _ stop: Int) -> [UInt8] {
    var rest = token[...]
    var count = 0
    while count < start, rest.starts(with: unit) {
      rest = rest.dropFirst(unit.count)
      count += 1
    }
    count = 0
    while count < stop, rest.count >= unit.count, rest.suffix(unit.count).elementsEqual(unit) {
      rest = rest.dropLast(unit.count)
      count += 1
    }
    return Array(rest)
  }

  private static func wordPiece(_ tokens: [[UInt8]], _ prefix: [UInt8], _ cleansUp: Bool) -> [[UInt8]] {
    tokens.enumerated().map { index, token in
      var piece = token
      if index > 0 {
        piece = token.starts(with: prefix) ? Array(token.dropFirst(prefix.count)) : [UInt8(ascii: " ")] + token
      }
      return cleansUp ? TextCleanUp.wordPiece.apply(piece) : piece
    }
  }
}
