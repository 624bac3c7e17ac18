/// A place in the user's input: a file, a line in it (from 1), and a field such as `adapter.rank` or a tensor's name.
public struct Location: Sendable, Equatable, CustomStringConvertible {
  public var file: String?
  public var line: Int?
  public var field: String?

  public init(file: String? = nil, line: Int? = nil, field: String? = nil) {
    self.file = file
    self.line = line
    self.field = field
  }

  /// The same place, one field deeper: `a` then `b` reads `a.b`.
  public func appending(field name: String) -> Location {
    var copy = self
    copy.field = field.map { "\($0).\(name)" } ?? name
    return copy
  }

  /// The same file at another line.
  public func at(line: Int) -> Location {
    var copy = self
    copy.line = line
    return copy
  }

  public var description: String {
    var parts: [String] = []
    if let file { parts.append(line.map { "\(file):\($0)" } ?? file) } else if let line { parts.append("line \(line)") }
    if let field { parts.append("'\(field)'") }
    return parts.joined(separator: ": ")
  }
}
