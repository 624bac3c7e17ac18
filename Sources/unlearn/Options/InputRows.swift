import Basics
import Datasets

/// Rows of the JSON-lines files that `score`, `generate` and `tokenize` read.
enum InputRows {
  struct Record {
    /// The row's `id` as it was written, a string or an integer; its number from 0 when it has none.
    let identifier: JSONValue
    var id: String { identifier.stringValue ?? identifier.text() }
    /// The texts that were asked for, in that order.
    let texts: [String]
    let location: Location
  }

  /// - Throws: ``Failure`` naming the line and field, or saying that there is no row.
  static func read(_ path: String, fields: [String]) throws -> [Record] {
    var records: [Record] = []
    try JSONLines.read(path) { object, location in
      let identifier: JSONValue
      switch object["id"] {
      case nil, .null: identifier = .string(String(records.count))
      case .integer(let number): identifier = .integer(number)
      case .string(let text): identifier = .string(text)
      case .some(let other):
        throw Failure.mismatch(
          at: location.appending(field: "id"), expected: "a string or an integer", found: other.kindName)
      }
      records.append(
        Record(
          identifier: identifier, texts: try fields.map { try object.string($0, at: location) }, location: location))
    }
    guard !records.isEmpty else { throw noRow(path) }
    return records
  }

  static func noRow(_ path: String) -> Failure {
    Failure(.badData, at: Location(file: path), "the file holds no row", hint: "one JSON object a line")
  }

  /// Refuses a row that the model has no positions for.
  static func requireFits(_ count: Int, _ record: Record, positions: Int) throws {
    guard count <= positions else {
      throw Failure(
        .badData, at: record.location,
        "row '\(record.id.shown)' has \(count) tokens, but the model has \(positions) positions",
        hint: "shorten the row")
    }
  }
}
