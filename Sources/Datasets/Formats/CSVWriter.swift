import Basics

/// Writes CSV byte for byte as pandas' `to_csv` does by default (`QUOTE_MINIMAL`, LF), except that a carriage return is
/// always quoted: pandas under older Pythons leaves it bare, and then cannot read its own file back.
public enum CSVWriter {
  /// One record with its line feed.
  public static func line(_ fields: [String]) -> String {
    // A record of one empty field would be a blank line, which readers skip.
    if fields.count == 1, fields[0].isEmpty { return "\"\"\n" }
    return fields.map(quoted).joined(separator: ",") + "\n"
  }

  /// A whole file, atomically.
  public static func write(header: [String], rows: some Sequence<[String]>, to path: String) throws {
    let file = try AtomicFile(path: path)
    try file.write(line(header))
    for row in rows { try file.write(line(row)) }
    try file.commit()
  }

  private static func quoted(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
    return needsQuotes ? "\"" + field.replacingScalars(["\"": "\"\""]) + "\"" : field
  }
}
