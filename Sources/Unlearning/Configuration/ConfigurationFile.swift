import Basics
import Foundation
import Yams

/// Reading and writing of YAML configurations: one flat mapping of the keys in ``Setting/all``.
public enum ConfigurationFile {
  /// Reads a file over `base`.
  /// - Returns: the configuration and the keys that the file sets.
  /// - Throws: ``Failure`` naming file, line and key.
  public static func read(_ path: String, over base: RunConfiguration) throws -> (RunConfiguration, Set<String>) {
    let file = try MappedFile(path: path)
    let location = Location(file: path)
    let bytes = withExtendedLifetime(file) { Array(file.bytes) }
    if let position = bytes.withUnsafeBytes({ $0.firstInvalidUTF8 }) {
      throw Failure(.badData, at: location.at(line: line(of: position - 1, in: bytes)), "the line is not valid UTF-8")
    }
    var text = String(decoding: bytes, as: UTF8.self)
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    var configuration = base
    var keys: Set<String> = []
    for (key, value) in try mapping(text, location) {
      let place = location.at(line: key.mark?.line ?? 1)
      guard let name = key.string else {
        throw Failure.mismatch(at: place, expected: "a key", found: "a list or mapping")
      }
      guard keys.insert(name).inserted else { throw Failure(.badData, at: place, "the key '\(name)' appears twice") }
      guard let text = scalarText(value) else {
        throw Failure.mismatch(at: place.appending(field: name), expected: "a value", found: "a mapping or nothing")
      }
      try Setting.assign(name, text, to: &configuration, kind: .badData, at: place)
    }
    return (configuration, keys)
  }

  private static func line(of offset: Int, in bytes: some Collection<UInt8>) -> Int {
    bytes.prefix(max(0, offset)).count { $0 == UInt8(ascii: "\n") } + 1
  }

  /// The line of a key's second appearance; 1 where the text writes it in an unusual way.
  private static func secondLine(of key: String, in text: String) -> Int {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    let found = lines.filter { _, line in
      let start = line.drop { $0 == " " || $0 == "\"" || $0 == "'" }
      return start.hasPrefix(key) && start.dropFirst(key.count).first { $0 != "\"" && $0 != "'" && $0 != " " } == ":"
    }
    return (found.dropFirst().first?.offset ?? 0) + 1
  }

  /// A flat mapping has no use for aliases, and aliases of aliases grow without end.
  private static func refuseManyAliases(_ text: String, _ location: Location) throws {
    let count = aliasCount(text.utf8)
    guard count > 8 else { return }
    throw Failure(
      .badData, at: location, "expected values, found \(count) aliases (*name)",
      hint: "write each value where it belongs")
  }

  /// Aliases outside of quotes and comments, in one pass.
  private static func aliasCount(_ text: some Collection<UInt8>) -> Int {
    var count = 0
    // The byte that ends what is being passed over: a quote, or the line break behind a comment.
    var end: UInt8?
    var (isEscaped, isAlias) = (false, false)
    var previous = UInt8(ascii: "\n")
    for byte in text {
      defer { previous = byte }
      if let closing = end {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\"), closing == UInt8(ascii: "\"") {
          isEscaped = true
        } else if byte == closing {
          end = nil
        }
        continue
      }
      if isAlias, byte > 0x20 { count += 1 }
      isAlias = false
      guard " \t\r\n,[{:?-".utf8.contains(previous) else { continue }
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"): end = byte
      case UInt8(ascii: "#"): end = UInt8(ascii: "\n")
      case UInt8(ascii: "*"): isAlias = true
      default: break
      }
    }
    return count
  }

  private static func mapping(_ text: String, _ location: Location) throws -> Node.Mapping {
    try refuseManyAliases(text, location)
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      var (line, problem): (Int?, String) = (nil, "")
      switch error {
      case .scanner(_, let text, let mark, _), .parser(_, let text, let mark, _), .composer(_, let text, let mark, _):
        (line, problem) = (mark.line, ": \(text), in column \(mark.column)")
      case .reader(let text, let offset, _, let yaml):
        (line, problem) = (offset.map { Self.line(of: $0, in: yaml.utf8) }, ": \(text)")
      case .duplicatedKeysInMapping(let duplicates, _):
        guard let key = duplicates.first else { break }
        throw Failure(
          .badData, at: location.at(line: secondLine(of: key, in: text)), "the key '\(key.shown)' appears twice")
      default: break
      }
      throw Failure(.badData, at: Location(file: location.file, line: line), "not valid YAML\(problem)")
    }
    guard let node else { return Node.Mapping([]) }
    guard let mapping = node.mapping else {
      throw Failure.mismatch(at: location, expected: "a mapping of keys to values", found: "another kind of document")
    }
    return mapping
  }

  /// A scalar, or a list of scalars joined by commas.
  private static func scalarText(_ node: Node) -> String? {
    if let scalar = node.scalar {
      let isNothing = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
      return isNothing ? nil : scalar.string
    }
    guard let sequence = node.sequence else { return nil }
    let parts = sequence.compactMap { $0.scalar?.string }
    return parts.count == sequence.count ? parts.joined(separator: ",") : nil
  }

  /// The whole configuration as YAML; keys that are not set are left out.
  public static func text(_ configuration: RunConfiguration) -> String {
    Setting.all.compactMap { setting in setting.text(configuration).map { "\(setting.key): \($0)\n" } }.joined()
  }
}
