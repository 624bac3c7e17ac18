import Basics

/// Reads rows from a file; the extension tells the format.
///
/// - `.parquet`, as pandas writes it;
/// - `.jsonl`: one object a line, blank lines skipped, LF or CRLF, with or without a byte-order mark;
/// - `.json`: one array of objects;
/// - `.csv`: RFC 4180 with a header.
///
/// The fields are `id, input, output, task[, split]`. Where there is no `input`, `question` or `prompt` is taken; where
/// there is no `output`, `answer`, `completion` or `response`. Other fields are ignored. A row without an `id` gets its
/// number, from 1.
public enum RowReader {
  public struct Options: Sendable {
    /// Equal ids are an error unless this is true.
    public var allowsDuplicateIDs: Bool
    /// A set without rows is an error unless this is true.
    public var allowsEmpty: Bool
    /// Some published sets (TOFU) name JSON lines `.json`; they are an error unless this is true.
    public var allowsLinesInJSON: Bool

    public init(allowsDuplicateIDs: Bool = false, allowsEmpty: Bool = false, allowsLinesInJSON: Bool = false) {
      self.allowsDuplicateIDs = allowsDuplicateIDs
      self.allowsEmpty = allowsEmpty
      self.allowsLinesInJSON = allowsLinesInJSON
    }
  }

  /// The rows of one file, in its order.
  /// - Throws: ``Failure`` of kind `missingInput` when the file cannot be read; `badData` naming line (or row) and
  ///   field for anything wrong in it, for equal ids and for a set without rows. No error holds text of a row.
  public static func read(_ path: String, options: Options = Options()) throws -> [Row] {
    try read([path], options: options)
  }

  /// The rows of a set that lies in several files (shards), in their order.
  public static func read(_ paths: [String], options: Options = Options()) throws -> [Row] {
    var rows: [Row] = []
    var places: [ExactText: (path: String, position: RecordPosition)] = [:]
    for path in paths {
      try RecordReader.read(path, linesInJSON: options.allowsLinesInJSON) { record in
        let row = try RowFields.row(record, number: rows.count + 1, path: path)
        let previous = places.updateValue((path, record.position), forKey: ExactText(row.id))
        if let previous, !options.allowsDuplicateIDs {
          throw duplicate(row.id, path, record.position, previous)
        }
        rows.append(row)
      } problem: {
        throw $0
      }
    }
    if rows.isEmpty, !options.allowsEmpty {
      throw Failure(
        .badData, at: Location(file: paths.first), "expected at least one row, found none",
        hint: "check that this is the file you meant")
    }
    return rows
  }

  static func duplicate(
    _ id: String, _ path: String, _ position: RecordPosition, _ first: (path: String, position: RecordPosition)
  ) -> Failure {
    let place = first.path == path ? first.position.name : "\(first.position.name) of \(first.path)"
    return position.failure(
      path, field: "id", "the id \(printable(id)) is already that of \(place)",
      hint: "ids must differ within a set")
  }

  /// An id for a message: cut, and without control characters.
  static func printable(_ id: String) -> String {
    let scalars = id.unicodeScalars.prefix(80).map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
    return "\(String(String.UnicodeScalarView(scalars)))\(id.unicodeScalars.count > 80 ? "…" : "")"
  }
}
