import Basics
import Foundation

/// Writes rows in the official schema, atomically.
public enum RowWriter {
  /// `.jsonl` or `.csv`, as the extension says.
  public static func write(_ rows: [Row], to path: String) throws {
    switch (path as NSString).pathExtension.lowercased() {
    case "jsonl": try writeJSONLines(rows, to: path)
    case "csv": try writeCSV(rows, to: path)
    default:
      throw Failure(
        .usage, at: Location(file: path), "cannot tell the format from the name of the file",
        hint: "rows are written as .jsonl or .csv")
    }
  }

  /// One object a line: id, input, output and, where they are known, task and split.
  public static func writeJSONLines(_ rows: [Row], to path: String) throws {
    try writeJSONLines(rows.map(object), to: path)
  }

  /// Any objects, one a line.
  public static func writeJSONLines(_ objects: some Sequence<JSONObject>, to path: String) throws {
    let file = try AtomicFile(path: path)
    for object in objects { try file.write(JSONValue.object(object).text() + "\n") }
    try file.commit()
  }

  /// Columns id, input, output, task and, when a row has one, split; a missing value is an empty cell.
  public static func writeCSV(_ rows: [Row], to path: String) throws {
    let hasSplit = rows.contains { $0.split != nil }
    let header = ["id", "input", "output", "task"] + (hasSplit ? ["split"] : [])
    let records = rows.lazy.map { row in
      [row.id, row.input, row.output, row.task ?? ""] + (hasSplit ? [row.split ?? ""] : [])
    }
    try CSVWriter.write(header: header, rows: records, to: path)
  }

  /// A row as the JSON object that ``writeJSONLines(_:to:)`` writes.
  public static func object(_ row: Row) -> JSONObject {
    var object = JSONObject([("id", .string(row.id)), ("input", .string(row.input)), ("output", .string(row.output))])
    if let task = row.task { object["task"] = .string(task) }
    if let split = row.split { object["split"] = .string(split) }
    return object
  }
}
