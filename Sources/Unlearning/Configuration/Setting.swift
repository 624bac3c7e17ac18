import Basics

/// One key of the configuration: its name in YAML and on the command line, what it means, and how it is read and shown.
public struct Setting: Sendable {
  public let key: String
  public let help: String
  /// The values that it takes, such as `a whole number from 1 to 4096`.
  public let expected: String
  /// The value as YAML text; nil for "not set".
  public let text: @Sendable (RunConfiguration) -> String?
  /// Reads the value; throws ``Failure`` without a location, which the caller adds.
  var assign: @Sendable (inout RunConfiguration, String) throws -> Void

  /// The setting of this name.
  public static func named(_ key: String) -> Setting? { all.first { $0.key == key } }

  /// Sets one key of a configuration.
  /// - Parameter location: where the value is from, for errors; its field is set here.
  public static func assign(
    _ key: String, _ value: String, to configuration: inout RunConfiguration, kind: Failure.Kind, at location: Location
  ) throws {
    // The name that the command line has for evaluate: false.
    if key == "no-evaluate" {
      let opposite = ["true": "false", "false": "true"][value.lowercased()] ?? value
      return try assign("evaluate", opposite, to: &configuration, kind: kind, at: location)
    }
    guard let setting = named(key) else {
      let suggestion = nearestName(to: key, in: all.map(\.key))
      throw Failure(
        kind, at: location, "unknown key '\(key.shown)'",
        hint: suggestion.map { "did you mean '\($0)'?" } ?? "'unlearn config show' lists the keys")
    }
    do {
      try setting.assign(&configuration, value)
    } catch var failure as Failure {
      failure.kind = kind
      failure.location = location.appending(field: key)
      if failure.hint == nil { failure.hint = "'unlearn config explain \(key)' says what it is" }
      throw failure
    }
  }
}

/// Readers for the kinds of values.
extension Setting {
  typealias Path<Value> = WritableKeyPath<RunConfiguration, Value> & Sendable

  private static func mismatch(_ expected: String, _ found: String) -> Failure {
    Failure.mismatch(at: Location(), expected: expected, found: "'\(found.shown)'")
  }

  static func whole(_ key: String, _ path: Path<Int>, _ range: ClosedRange<Int>, _ help: String) -> Setting {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return Setting(key: key, help: help, expected: expected, text: { String($0[keyPath: path]) }) {
      configuration, text in
      guard let value = Int(text), range.contains(value) else { throw mismatch(expected, text) }
      configuration[keyPath: path] = value
    }
  }

  static func optionalWhole(_ key: String, _ path: Path<Int?>, _ range: ClosedRange<Int>, _ help: String) -> Setting {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return Setting(key: key, help: help, expected: expected, text: { $0[keyPath: path].map(String.init) }) {
      configuration, text in
      guard let value = Int(text), range.contains(value) else { throw mismatch(expected, text) }
      configuration[keyPath: path] = value
    }
  }

  static func real(_ key: String, _ path: Path<Double>, _ range: ClosedRange<Double>, _ help: String) -> Setting {
    let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
    return Setting(key: key, help: help, expected: expected, text: { String($0[keyPath: path]) }) {
      configuration, text in
      guard let value = Double(text), range.contains(value) else { throw mismatch(expected, text) }
      configuration[keyPath: path] = value
    }
  }

  /// - Parameters:
  ///   - absent: the word that stands for "not set" (`none`, `auto`).
  ///   - infinite: the word that stands for no bound at all, where there is one beside `absent`.
  static func optionalReal(
    _ key: String, _ path: Path<Double?>, _ range: ClosedRange<Double>, absent: String, infinite: String? = nil,
    _ help: String
  ) -> Setting {
    let show = { @Sendable (value: Double) in value == .infinity ? infinite ?? absent : String(value) }
    let words = [absent, infinite].compactMap { $0 }.joined(separator: ", ")
    let expected = "\(words), or a number from \(range.lowerBound) to \(range.upperBound)"
    return Setting(key: key, help: help, expected: expected, text: { $0[keyPath: path].map(show) ?? absent }) {
      configuration, text in
      if text == absent || text == infinite {
        configuration[keyPath: path] = text == absent ? nil : .infinity
        return
      }
      guard let value = Double(text), range.contains(value) else { throw mismatch(expected, text) }
      configuration[keyPath: path] = value
    }
  }

  static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ path: Path<Value>, _ help: String
  ) -> Setting {
    Setting(key: key, help: help, expected: names(of: Value.self), text: { $0[keyPath: path].rawValue }) {
      configuration, text in
      configuration[keyPath: path] = try parse(text)
    }
  }

  static func optionalChoice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ path: Path<Value?>, _ help: String
  ) -> Setting {
    Setting(key: key, help: help, expected: names(of: Value.self), text: { $0[keyPath: path]?.rawValue }) {
      configuration, text in
      configuration[keyPath: path] = try parse(text) as Value
    }
  }

  private static func parse<Value: RawRepresentable<String> & CaseIterable>(_ text: String) throws -> Value {
    if let value = Value(rawValue: text) { return value }
    var failure = mismatch(names(of: Value.self), text)
    failure.hint = nearestName(to: text, in: Value.allCases.map(\.rawValue)).map { "did you mean '\($0)'?" }
    throw failure
  }

  private static func names<Value: RawRepresentable<String> & CaseIterable>(of type: Value.Type) -> String {
    "one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))"
  }

  static func flag(_ key: String, _ path: Path<Bool>, _ help: String) -> Setting {
    let expected = "true or false"
    return Setting(key: key, help: help, expected: expected, text: { String($0[keyPath: path]) }) {
      configuration, text in
      // YAML has these in capitals too.
      guard let value = Bool(text.lowercased()) else { throw mismatch(expected, text) }
      configuration[keyPath: path] = value
    }
  }

  /// Text is shown as a JSON string, which is YAML too.
  static func text(_ key: String, _ path: Path<String>, expected: String = "a text", _ help: String) -> Setting {
    let show = { @Sendable (configuration: RunConfiguration) in JSONValue.string(configuration[keyPath: path]).text() }
    return Setting(key: key, help: help, expected: expected, text: show) { configuration, text in
      configuration[keyPath: path] = text
    }
  }

  /// One of some words that are no type of their own; shown as a text is.
  static func word(_ key: String, _ path: Path<String>, _ words: [String], _ help: String) -> Setting {
    let expected = words.joined(separator: ", ")
    var setting = text(key, path, expected: expected, help)
    setting.assign = { configuration, text in
      guard words.contains(text) else { throw mismatch(expected, text) }
      configuration[keyPath: path] = text
    }
    return setting
  }

  /// The path of a file or folder.
  static func path(_ key: String, _ path: Path<String?>, _ help: String) -> Setting {
    let expected = "a path"
    var setting = optionalText(key, path, expected: expected, help)
    setting.assign = { configuration, text in
      guard !text.isEmpty else { throw mismatch(expected, text) }
      configuration[keyPath: path] = text
    }
    return setting
  }

  /// - Parameter part: what the text must have in it.
  static func optionalText(
    _ key: String, _ path: Path<String?>, expected: String, containing part: String = "", _ help: String
  ) -> Setting {
    let show = { @Sendable (configuration: RunConfiguration) in
      configuration[keyPath: path].map { JSONValue.string($0).text() }
    }
    return Setting(key: key, help: help, expected: expected, text: show) { configuration, text in
      guard part.isEmpty || text.contains(part) else { throw mismatch(expected, text) }
      configuration[keyPath: path] = text
    }
  }

  /// A time such as `90s`, `30m`, `1h` or `1h30m`; a bare number is seconds.
  static func optionalDuration(_ key: String, _ path: Path<Double?>, _ help: String) -> Setting {
    let expected = "none, or a time from 1s to a year such as 90s, 30m, 1.5h or 1h30m"
    let show = { @Sendable (configuration: RunConfiguration) in
      configuration[keyPath: path].map { "\(Int($0.rounded(.up)))s" } ?? "none"
    }
    return Setting(key: key, help: help, expected: expected, text: show) { configuration, text in
      if text == "none" {
        configuration[keyPath: path] = nil
        return
      }
      guard let seconds = seconds(text) else { throw mismatch(expected, text) }
      configuration[keyPath: path] = seconds
    }
  }

  /// Seconds from 1 to a year.
  private static func seconds(_ text: String) -> Double? {
    var total = 0.0
    var digits = ""
    for character in text {
      if character.isASCII, character.isNumber || character == "." {
        digits.append(character)
        continue
      }
      let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
      guard let unit = units[character], let number = Double(digits) else { return nil }
      total += number * unit
      digits = ""
    }
    if !digits.isEmpty {
      guard let number = Double(digits) else { return nil }
      total += number
    }
    return total >= 1 && total <= 366 * 86400 ? total : nil
  }

  /// Elements separated by commas on the command line, a list in YAML.
  ///
  /// - Parameter least: how many different elements there must be.
  static func list<Element: Sendable & Hashable>(
    _ key: String, _ path: Path<[Element]>, _ expected: String, least: Int = 1, _ help: String,
    show: @escaping @Sendable (Element) -> String, read: @escaping @Sendable (String) -> Element?
  ) -> Setting {
    let text = { @Sendable (configuration: RunConfiguration) in
      "[\(configuration[keyPath: path].map(show).joined(separator: ", "))]"
    }
    return Setting(key: key, help: help, expected: expected, text: text) { configuration, text in
      // As it is shown, in brackets, it is read too.
      let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
      let elements = isBracketed ? text.dropFirst().dropLast() : text[...]
      let parts = elements.split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }.map(String.init)
      let values = parts.compactMap(read)
      guard values.count == parts.count, Set(values).count >= least else { throw mismatch(expected, text) }
      configuration[keyPath: path] = values
    }
  }
}
