import Basics

/// One thing that a check of a data set found. It never holds text of a row.
public struct DataFinding: Sendable, Equatable, CustomStringConvertible {
  public enum Severity: String, Sendable {
    /// The data cannot be used as they are.
    case error
    /// The data can be used, but may not be what was meant.
    case warning
  }

  public var severity: Severity
  /// File, line (in formats that have lines) and field.
  public var location: Location
  public var message: String
  public var hint: String?

  public init(_ severity: Severity, at location: Location, _ message: String, hint: String? = nil) {
    self.severity = severity
    self.location = location
    self.message = message
    self.hint = hint
  }

  init(_ severity: Severity, _ failure: Failure) {
    self.init(severity, at: failure.location, failure.message, hint: failure.hint)
  }

  /// `error: file:line: 'field': message` and, where there is one, a second line `hint: …`.
  public var description: String {
    let place = location.description
    let text = "\(severity.rawValue): \(place.isEmpty ? "" : place + ": ")\(message)"
    return hint.map { "\(text)\n  hint: \($0)" } ?? text
  }

  public var jsonValue: JSONValue {
    .object(
      JSONObject([
        ("severity", .string(severity.rawValue)), ("file", location.file.map { .string($0) } ?? .null),
        ("line", location.line.map { .integer($0) } ?? .null),
        ("field", location.field.map { .string($0) } ?? .null), ("message", .string(message)),
        ("hint", hint.map { .string($0) } ?? .null),
      ]))
  }
}
