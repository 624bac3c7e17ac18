/// A strict JSON reader (RFC 8259) that refuses what hides mistakes: duplicate keys, invalid UTF-8, lone surrogates,
/// text after the document, and nesting deeper than ``maximumDepth``.
///
/// Foundation's readers keep one of two equal keys in silence and compare keys by canonical equivalence, which neither
/// a safetensors header nor a tokenizer's vocabulary allows.
public struct JSONParser {
  public static let maximumDepth = 128

  private let bytes: UnsafeRawBufferPointer
  private let location: Location
  private var position = 0
  private var depth = 0

  /// Parses a whole document.
  /// - Parameter location: the file (and first line) the bytes are from; errors name `file:line`.
  public static func parse(_ bytes: UnsafeRawBufferPointer, at location: Location = Location()) throws -> JSONValue {
    var parser = JSONParser(bytes: bytes, location: location)
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { parser.position = 3 }
    let value = try parser.value()
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.failure("unexpected text after the JSON value") }
    return value
  }

  /// Parses a whole file; errors name it.
  public static func parse(file path: String) throws -> JSONValue {
    let file = try MappedFile(path: path)
    return try withExtendedLifetime(file) { try parse(file.bytes, at: Location(file: path)) }
  }

  public static func parse(_ text: String, at location: Location = Location()) throws -> JSONValue {
    var copy = text
    return try copy.withUTF8 { try parse(UnsafeRawBufferPointer($0), at: location) }
  }

  private init(bytes: UnsafeRawBufferPointer, location: Location) {
    self.bytes = bytes
    self.location = location
  }

  private func failure(_ message: String) -> Failure {
    let end = min(position, bytes.count)
    let newlines = bytes[0..<end].reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
    let lineStart = bytes[0..<end].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return Failure(
      .badData, at: location.at(line: (location.line ?? 1) + newlines),
      "invalid JSON at column \(end - lineStart + 1): \(message)")
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func value() throws -> JSONValue {
    skipSpace()
    guard let byte = current else { throw failure("the text ends where a value was expected") }
    switch byte {
    case UInt8(ascii: "{"): return try nested { try $0.object() }
    case UInt8(ascii: "["): return try nested { try $0.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: return try number()
    }
  }

  private mutating func nested(_ body: (inout JSONParser) throws -> JSONValue) throws -> JSONValue {
    depth += 1
    guard depth <= Self.maximumDepth else { throw failure("nested deeper than \(Self.maximumDepth) levels") }
    position += 1
    let result = try body(&self)
    depth -= 1
    return result
  }

  private mutating func literal(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
    let end = position + word.utf8CodeUnitCount
    let matches =
      end <= bytes.count
      && word.withUTF8Buffer { expected in bytes[position..<end].elementsEqual(expected) }
    guard matches else { throw failure("unknown word") }
    position = end
    return value
  }

  private mutating func object() throws -> JSONValue {
    var object = JSONObject()
    skipSpace()
    if current == UInt8(ascii: "}") {
      position += 1
      return .object(object)
    }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw failure("expected a key in double quotes") }
      let key = try string()
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw failure("expected ':' after a key") }
      position += 1
      let entry = try value()
      guard object.insert(key, entry) else { throw failure("the key '\(key.shown)' appears twice") }
      skipSpace()
      if current == UInt8(ascii: ",") {
        position += 1
      } else if current == UInt8(ascii: "}") {
        position += 1
        return .object(object)
      } else {
        throw failure("expected ',' or '}'")
      }
    }
  }

  private mutating func array() throws -> JSONValue {
    var elements: [JSONValue] = []
    skipSpace()
    if current == UInt8(ascii: "]") {
      position += 1
      return .array(elements)
    }
    while true {
      elements.append(try value())
      skipSpace()
      if current == UInt8(ascii: ",") {
        position += 1
      } else if current == UInt8(ascii: "]") {
        position += 1
        return .array(elements)
      } else {
        throw failure("expected ',' or ']'")
      }
    }
  }

  private mutating func number() throws -> JSONValue {
    let start = position
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { $0 >= 0x30 && $0 <= 0x39 } ?? false }
    func digits(_ parser: inout JSONParser) throws {
      guard isDigit(parser.current) else { throw parser.failure("expected a value") }
      while isDigit(parser.current) { parser.position += 1 }
    }
    if current == UInt8(ascii: "-") { position += 1 }
    if current == UInt8(ascii: "0") { position += 1 } else { try digits(&self) }
    var isInteger = true
    if current == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      try digits(&self)
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try digits(&self)
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let integer = Int(text) { return .integer(integer) }
    guard let double = Double(text), double.isFinite else { throw failure("the number does not fit in 64 bits") }
    return .number(double)
  }

  private mutating func string() throws -> String {
    position += 1
    let start = position
    while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
    if current == UInt8(ascii: "\"") {
      defer { position += 1 }
      return try validated(bytes[start..<position])
    }
    var buffer = Array(bytes[start..<position])
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return try validated(buffer)
      case UInt8(ascii: "\\"): try escape(into: &buffer)
      case 0..<0x20: throw failure("a control character inside a string must be escaped")
      default:
        buffer.append(byte)
        position += 1
      }
    }
    throw failure("a string is not closed")
  }

  private func validated(_ text: some Sequence<UInt8>) throws -> String {
    guard let string = String(validating: Array(text), as: UTF8.self) else {
      throw failure("a string is not valid UTF-8")
    }
    return string
  }

  private mutating func escape(into buffer: inout [UInt8]) throws {
    position += 1
    guard let byte = current else { throw failure("a string is not closed") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(byte)
    case UInt8(ascii: "b"): buffer.append(0x08)
    case UInt8(ascii: "f"): buffer.append(0x0C)
    case UInt8(ascii: "n"): buffer.append(0x0A)
    case UInt8(ascii: "r"): buffer.append(0x0D)
    case UInt8(ascii: "t"): buffer.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code), current == UInt8(ascii: "\\") {
        position += 1
        guard current == UInt8(ascii: "u") else { throw failure("a lone surrogate") }
        position += 1
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw failure("a lone surrogate") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("a lone surrogate") }
      buffer.append(contentsOf: String(Character(scalar)).utf8)
    default: throw failure("an unknown escape in a string")
    }
  }

  private mutating func hexadecimal() throws -> UInt32 {
    guard position + 4 <= bytes.count else { throw failure("\\u needs four hexadecimal digits") }
    var code: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw failure("\\u needs four hexadecimal digits")
      }
      code = code << 4 | UInt32(digit)
    }
    position += 4
    return code
  }
}
