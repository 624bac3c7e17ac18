import Basics
import Datasets

/// One element of a data file and where it stands.
struct JSONRecord {
  let value: JSONValue
  let location: Location
  /// From 1.
  let number: Int

  /// A text that must be there and not be empty.
  func text(_ field: String) throws -> String {
    let text = try object().string(field, at: location)
    guard !text.isEmpty else {
      throw Failure.mismatch(at: location.appending(field: field), expected: "text", found: "an empty string")
    }
    return text
  }

  /// A text that may be absent or null, but not empty.
  func optionalText(_ field: String) throws -> String? { try object().has(field) ? try text(field) : nil }

  /// `id` as it is, or the row's number.
  func identifier() throws -> String {
    switch value.objectValue?["id"] {
    case nil, .null: return String(number)
    case .string(let id): return id
    case .integer(let id): return String(id)
    case .some(let other):
      throw Failure.mismatch(
        at: location.appending(field: "id"), expected: "a string or an integer", found: other.kindName)
    }
  }

  func object() throws -> JSONObject {
    guard let object = value.objectValue else {
      throw Failure.mismatch(at: location, expected: "a JSON object", found: value.kindName)
    }
    return object
  }
}

/// A file of JSON lines, or of one JSON array: published benchmarks call both `.json`.
enum JSONRecords {
  /// - Throws: ``Failure`` naming file and line (or element) for what is not JSON, and for a file without elements.
  static func read(_ path: String) throws -> [JSONRecord] {
    let records = try isArray(path) ? array(path) : lines(path)
    guard !records.isEmpty else {
      throw Failure(
        .badData, at: Location(file: path), "expected at least one row, found none",
        hint: "check that this is the file you meant")
    }
    return records
  }

  private static func isArray(_ path: String) throws -> Bool {
    let file = try MappedFile(path: path)
    return withExtendedLifetime(file) {
      file.bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) } == UInt8(ascii: "[")
    }
  }

  private static func lines(_ path: String) throws -> [JSONRecord] {
    var records: [JSONRecord] = []
    try JSONLines.read(path) { object, location in
      records.append(JSONRecord(value: .object(object), location: location, number: records.count + 1))
    }
    return records
  }

  private static func array(_ path: String) throws -> [JSONRecord] {
    let value = try JSONParser.parse(file: path)
    return (value.arrayValue ?? []).enumerated().map { index, element in
      JSONRecord(value: element, location: Location(file: path, field: "[\(index)]"), number: index + 1)
    }
  }
}

/// Files of a benchmark's folder, found with either extension.
enum SuiteFolder {
  /// `folder/name.jsonl`, else `folder/name.json`.
  /// - Throws: ``Failure`` of kind `missingInput` when neither is there.
  static func file(_ name: String, in folder: String, hint: String) throws -> String {
    guard Folder.exists(folder) else {
      throw Failure(.missingInput, at: Location(file: folder), "no such folder", hint: hint)
    }
    let paths = ["jsonl", "json"].map { "\(folder)/\(name).\($0)" }
    if let found = paths.first(where: { (try? MappedFile(path: $0)) != nil }) { return found }
    throw Failure(
      .missingInput, at: Location(file: folder), "expected \(name).json or \(name).jsonl, found neither", hint: hint)
  }
}
