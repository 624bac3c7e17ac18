import Basics

/// A CSV file as `pandas.read_csv` reads it with its defaults.
///
/// Records end at `\n`, `\r` or `\r\n`; a quote is special only where a cell begins, and inside quotes `""` is one quote
/// and line ends are kept; lines of nothing but blanks are skipped; a byte-order mark is dropped. Where pandas would
/// guess (a record with too few or too many cells), this refuses: such a file was cut or its columns have moved.
struct PandasCSV {
  struct Row {
    /// The line that the record starts on, from 1.
    var line: Int
    var cells: [String]
  }

  let location: Location
  let header: [String]
  let rows: [Row]

  /// - Throws: ``Failure`` naming file, line and column, never a cell's text.
  init(path: String) throws {
    let file = try MappedFile(path: path)
    location = Location(file: path)
    (header, rows) = try withExtendedLifetime(file) { try Self.parse(file.bytes, at: Location(file: path)) }
  }

  /// The position of a column; the first one counts where a name appears twice.
  func column(_ name: String) throws -> Int {
    guard let index = optionalColumn(name) else {
      throw Failure(
        .badData, at: location.at(line: 1).appending(field: name), "the column is missing",
        hint: "the header of a generations file is \(GenerationsFile.columns.joined(separator: ","))")
    }
    return index
  }

  func optionalColumn(_ name: String) -> Int? { header.firstIndex { $0.utf8.elementsEqual(name.utf8) } }

  private static func parse(_ bytes: UnsafeRawBufferPointer, at location: Location) throws -> ([String], [Row]) {
    var scanner = PandasCSVScanner(bytes: bytes, location: location)
    guard let first = try scanner.record() else {
      throw Failure.mismatch(at: location, expected: "a header line", found: "an empty file")
    }
    let header = try first.cells.enumerated().map { index, cell in
      try text(cell, at: location.at(line: first.line).appending(field: "column \(index + 1)"))
    }
    var rows: [Row] = []
    while let record = try scanner.record() {
      let place = location.at(line: record.line)
      guard record.cells.count == header.count else {
        throw Failure.mismatch(
          at: place, expected: "\(header.count) cells as in the header", found: "\(record.cells.count)",
          hint: "a cell with a comma, a quote or a line end must be in double quotes; the file may also be cut off")
      }
      let cells = try zip(record.cells, header).map { try text($0, at: place.appending(field: $1)) }
      rows.append(Row(line: record.line, cells: cells))
    }
    return (header, rows)
  }

  private static func text(_ cell: [UInt8], at location: Location) throws -> String {
    guard let text = String(validating: cell, as: UTF8.self) else {
      throw Failure.mismatch(at: location, expected: "UTF-8 text", found: "bytes that are not UTF-8")
    }
    return text
  }
}
