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
    guard var text = withExtendedLifetime(file, { String(validating: file.bytes, as: UTF8.self) }) else {
      throw Failure(.badData, at: location, "the file is not valid UTF-8")
    }
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

  private static func mapping(_ text: String, _ location: Location) throws -> Node.Mapping {
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      var (line, problem): (Int?, String) = (nil, "")
      switch error {
      case .scanner(_, let text, let mark, _), .parser(_, let text, let mark, _), .composer(_, let text, let mark, _):
        (line, problem) = (mark.line, ": \(text), in column \(mark.column)")
      case .duplicatedKeysInMapping(_, let context): line = context.mark.line
      default: break
      }
      if case .duplicatedKeysInMapping(let duplicates, _) = error, let key = duplicates.first {
        throw Failure(.badData, at: Location(file: location.file, line: line), "the key '\(key)' appears twice")
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
