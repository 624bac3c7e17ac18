import Basics
import Foundation

/// Reads records from any of the file formats.
enum RecordReader {
  /// The extensions of data files, in the order in which a folder is searched.
  static let extensions = ["parquet", "jsonl", "json", "csv"]

  typealias Body = (Record) throws -> Void
  typealias Problem = (Failure) throws -> Void

  /// Calls `body` for each record; one that is broken goes to `problem` and, unless that throws, reading goes on.
  /// - Throws: ``Failure`` for a file that cannot be read at all.
  static func read(_ path: String, _ body: Body, problem: Problem) throws {
    switch (path as NSString).pathExtension.lowercased() {
    case "parquet": try readParquet(path, body)
    case "jsonl": try readLines(path, body, problem)
    case "json": try JSONArrayFile.read(path, { try body(record($0, .row($1))) }, problem: problem)
    case "csv": try readCSV(path, body, problem)
    default:
      if Folder.exists(path) {
        throw Failure(.missingInput, at: Location(file: path), "expected a data file, found a folder")
      }
      _ = try MappedFile(path: path)
      throw Failure(
        .badData, at: Location(file: path), "cannot tell the format from the name of the file",
        hint: "data files end in \(extensions.map { "." + $0 }.joined(separator: ", "))")
    }
  }

  private static func readLines(_ path: String, _ body: Body, _ problem: Problem) throws {
    try JSONLines.read(
      path, { object, location in try body(record(object, .line(location.line ?? 0))) }, problem: problem)
  }

  private static func record(_ object: JSONObject, _ position: RecordPosition) -> Record {
    Record(position: position, names: object.keys) { name in
      switch object[name] {
      case nil: .missing
      case .null: .null
      case .string(let text): .text(text)
      case .integer(let number): .integer(String(number))
      case .some(let other): .other(other.kindName)
      }
    }
  }

  private static func readCSV(_ path: String, _ body: Body, _ problem: Problem) throws {
    var header: [String] = []
    var positions: [String: Int] = [:]
    try CSVReader.read(path) { fields, line in
      let location = Location(file: path, line: line)
      if header.isEmpty {
        try CSVTable.checkHeader(fields, location)
        header = fields
        for (position, name) in fields.enumerated() { positions[name] = position }
        return
      }
      do { try CSVTable.checkCount(fields, header, location) } catch let failure as Failure {
        return try problem(failure)
      }
      try body(
        Record(position: .line(line), names: header) { name in
          positions[name].map { .text(fields[$0]) } ?? .missing
        })
    }
  }

  private static func readParquet(_ path: String, _ body: Body) throws {
    let file = try ParquetFile(path: path)
    var columns: [String: ParquetFile.Column] = [:]
    for name in RowFields.used(of: file.columnNames) { columns[name] = try file.column(name) }
    if let missing = RowFields.missing(from: file.columnNames, path: path) { throw missing }
    for row in 0..<file.rowCount {
      try body(
        Record(position: .row(row + 1), names: file.columnNames) { name in
          guard let column = columns[name] else { return .missing }
          guard row < column.values.count, let value = column.values[row] else { return .null }
          return column.kind == .integer ? .integer(value) : .text(value)
        })
    }
  }
}
