import Basics

/// One part of tokenizer.json (a normalizer, a decoder, …) while it is read: an object whose `type` says what it is.
struct Component {
  let type: String
  let fields: JSONObject
  let location: Location

  /// - Throws: ``Failure`` when the value is not an object or has no `type`.
  init(_ value: JSONValue, at location: Location) throws {
    guard let object = value.objectValue else {
      throw Failure.mismatch(at: location, expected: "an object with a 'type'", found: value.kindName)
    }
    fields = object
    self.location = location
    type = try object.string("type", at: location)
  }

  func string(_ key: String) throws -> String { try fields.string(key, at: location) }
  func bytes(_ key: String) throws -> [UInt8] { Array(try string(key).utf8) }
  func bool(_ key: String) throws -> Bool { try fields.bool(key, at: location) }

  func bool(_ key: String, default value: Bool) throws -> Bool { fields.has(key) ? try bool(key) : value }

  /// A count: an integer from 0 up.
  func count(_ key: String) throws -> Int {
    let value = try fields.int(key, at: location)
    guard value >= 0 else {
      throw Failure.mismatch(at: location.appending(field: key), expected: "0 or more", found: "\(value)")
    }
    return value
  }

  /// A string of one Unicode scalar.
  func scalar(_ key: String) throws -> Unicode.Scalar {
    let text = try string(key)
    guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else {
      throw Failure.mismatch(
        at: location.appending(field: key), expected: "one character",
        found: "\(text.unicodeScalars.count) characters")
    }
    return scalar
  }

  /// The parts of a `Sequence`.
  func parts(_ key: String) throws -> [Component] {
    try fields.array(key, at: location).enumerated().map { index, value in
      try Component(value, at: location.appending(field: "\(key)[\(index)]"))
    }
  }

  /// The `pattern` field: `{"String": …}` or `{"Regex": …}`.
  func pattern() throws -> TextPattern {
    let place = location.appending(field: "pattern")
    let object = try fields.object("pattern", at: location)
    guard let entry = object.entries.first, object.count == 1, let text = entry.value.stringValue else {
      throw Failure.mismatch(
        at: place, expected: "an object with one string, 'String' or 'Regex'", found: "something else")
    }
    switch entry.key {
    case "String": return .literal(Array(text.utf8))
    case "Regex":
      if let scanner = WordScanner(expression: text) { return .scanner(scanner) }
      return .expression(try RegularExpression(text, at: place.appending(field: "Regex")))
    default:
      throw Failure.mismatch(at: place, expected: "'String' or 'Regex'", found: "'\(entry.key.shown)'")
    }
  }

  /// The error for a `type` that this library does not have.
  func unsupported(_ role: String, _ supported: [String]) -> Failure {
    Failure(
      .badData, at: location.appending(field: "type"), "the \(role) '\(type.shown)' is not supported",
      hint: "supported are \(supported.joined(separator: ", "))")
  }
}
