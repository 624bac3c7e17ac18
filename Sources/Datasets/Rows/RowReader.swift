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
  /// The rows of one file, in its order.
  /// - Throws: ``Failure`` of kind `missingInput` when the file cannot be read; `badData` naming line (or row) and
  ///   field for anything wrong in it, for equal ids and for a set without rows. No error holds text of a row.
  public static func read(_ path: String) throws -> [Row] { try read([path]) }

  /// The rows of a set that lies in several files (shards), in their order.
  public static func read(_ paths: [String]) throws -> [Row] {
    var rows: [Row] = []
    var places: [ExactText: (path: String, position: RecordPosition)] = [:]
    for path in paths {
      try RecordReader.read(path) { record in
        let row = try RowFields.row(record, number: rows.count + 1, path: path)
        let previous = places.updateValue((path, record.position), forKey: ExactText(row.id))
        if let previous { throw duplicate(row.id, path, record.position, previous) }
        rows.append(row)
      } problem: {
        throw $0
      }
    }
    if rows.isEmpty {
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
      path, field: "id", "the id \(id.shown) is already that of \(place)",
      hint: "ids must differ within a set")
  }
}
