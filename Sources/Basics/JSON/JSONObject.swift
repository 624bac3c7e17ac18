/// An ordered JSON object with byte-exact keys.
public struct JSONObject: Sendable, Equatable {
  /// A string compared and hashed by its UTF-8 bytes.
  private struct ByteKey: Hashable, Sendable {
    let string: String
    init(_ string: String) { self.string = string }
    static func == (left: ByteKey, right: ByteKey) -> Bool { left.string.utf8.elementsEqual(right.string.utf8) }
    func hash(into hasher: inout Hasher) {
      var copy = string
      copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }

  public private(set) var entries: [(key: String, value: JSONValue)] = []
  private var positions: [ByteKey: Int] = [:]

  public init() {}

  public init(_ elements: [(String, JSONValue)]) {
    for (key, value) in elements { self[key] = value }
  }

  public var count: Int { entries.count }
  public var keys: [String] { entries.map(\.key) }

  public subscript(key: String) -> JSONValue? {
    get { positions[ByteKey(key)].map { entries[$0].value } }
    set {
      if let position = positions[ByteKey(key)] {
        if let newValue {
          entries[position].value = newValue
        } else {
          entries.remove(at: position)
          positions = Dictionary(uniqueKeysWithValues: entries.enumerated().map { (ByteKey($1.key), $0) })
        }
      } else if let newValue {
        positions[ByteKey(key)] = entries.count
        entries.append((key, newValue))
      }
    }
  }

  /// Adds an entry; false when the key is already there.
  mutating func insert(_ key: String, _ value: JSONValue) -> Bool {
    if positions.updateValue(entries.count, forKey: ByteKey(key)) != nil { return false }
    entries.append((key, value))
    return true
  }

  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.entries.elementsEqual(right.entries) { $0.key.utf8.elementsEqual($1.key.utf8) && $0.value == $1.value }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// In the order of the literal; a key that comes again replaces the value.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}

/// Typed reading of fields, with errors that name the field.
extension JSONObject {
  /// The field's value; a missing field is an error.
  public func value(_ key: String, at location: Location) throws -> JSONValue {
    guard let value = self[key] else {
      throw Failure(.badData, at: location.appending(field: key), "the field is missing")
    }
    return value
  }

  private func typed<T>(_ key: String, _ location: Location, _ expected: String, _ read: (JSONValue) -> T?) throws -> T
  {
    let found = try value(key, at: location)
    guard let result = read(found) else {
      throw Failure.mismatch(at: location.appending(field: key), expected: expected, found: found.kindName)
    }
    return result
  }

  public func string(_ key: String, at location: Location) throws -> String {
    try typed(key, location, "a string") { $0.stringValue }
  }
  public func int(_ key: String, at location: Location) throws -> Int {
    try typed(key, location, "an integer") { $0.intValue }
  }
  public func double(_ key: String, at location: Location) throws -> Double {
    try typed(key, location, "a number") { $0.doubleValue }
  }
  public func bool(_ key: String, at location: Location) throws -> Bool {
    try typed(key, location, "true or false") { $0.boolValue }
  }
  public func array(_ key: String, at location: Location) throws -> [JSONValue] {
    try typed(key, location, "an array") { $0.arrayValue }
  }
  public func object(_ key: String, at location: Location) throws -> JSONObject {
    try typed(key, location, "an object") { $0.objectValue }
  }

  /// True when the field is there and is not null.
  public func has(_ key: String) -> Bool { self[key].map { $0 != .null } ?? false }
}
