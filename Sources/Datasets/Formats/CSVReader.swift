import Basics

/// A strict reader of comma-separated values as RFC 4180 has them: fields in double quotes may hold commas, line breaks
/// and doubled quotes; records end with LF or CRLF.
///
/// Lenient readers (SwiftCSV among them) take a stray quote as text, swallow the rest of the file into a field whose
/// quote never closes, and pad short records. Here each of these is an error with a line number, because a silently
/// shifted column would put one row's answer beside another row's question.
public enum CSVReader {
  /// Reads record by record. Blank lines are skipped, as pandas does.
  /// - Parameter body: gets the fields of each record, the header included, and the line where the record starts.
  /// - Throws: ``Failure`` of kind `missingInput` or `badData` (with the line), and whatever `body` throws.
  public static func read(_ path: String, _ body: ([String], Int) throws -> Void) throws {
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    var parser = CSVParser(bytes: try TextLines.withoutMark(file), location: Location(file: path))
    while let record = try parser.next() { try body(record.fields, record.line) }
  }
}

/// A CSV file with a header, held in memory.
public struct CSVTable: Sendable {
  public let path: String
  public let header: [String]
  /// Each as long as the header.
  public private(set) var rows: [[String]] = []
  /// The line where each row starts, from 1.
  public private(set) var lines: [Int] = []

  /// - Throws: ``Failure``; also when a name appears twice in the header or a record has another number of fields.
  public init(path: String) throws {
    var header: [String]?
    var rows: [[String]] = []
    var lines: [Int] = []
    try CSVReader.read(path) { fields, line in
      if let header {
        try Self.checkCount(fields, header, Location(file: path, line: line))
        rows.append(fields)
        lines.append(line)
      } else {
        try Self.checkHeader(fields, Location(file: path, line: line))
        header = fields
      }
    }
    guard let header else { throw Failure(.badData, at: Location(file: path), "the file is empty") }
    self.path = path
    self.header = header
    self.rows = rows
    self.lines = lines
  }

  /// The values of a column, one for each row.
  public func column(_ name: String) throws -> [String] {
    guard let position = header.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) else {
      throw Failure(
        .badData, at: Location(file: path, line: 1, field: name), "the column is missing; \(FieldNames.found(header))")
    }
    return rows.map { $0[position] }
  }

  static func checkHeader(_ names: [String], _ location: Location) throws {
    var seen: Set<ExactText> = []
    for (position, name) in names.enumerated() where !seen.insert(ExactText(name)).inserted {
      throw Failure(.badData, at: location, "column \(position + 1) of the header repeats the name of an earlier one")
    }
  }

  static func checkCount(_ fields: [String], _ header: [String], _ location: Location) throws {
    guard fields.count == header.count else {
      throw Failure.mismatch(
        at: location, expected: "\(header.count) fields as in the header", found: "\(fields.count)",
        hint: "a field that holds a comma, a quote or a line break must stand in double quotes")
    }
  }
}
