/// A column of text as pandas types it and as Python's `str` then shows its values.
///
/// The official script reads its own CSV files back, so an answer "007" in a column of nothing but integers is compared
/// as "7", and as "7.0" where another cell is empty. Integers beyond 64 bits are kept as text: the versions of pandas
/// differ about what becomes of them and of the missing values beside them.
enum PandasColumn {
  /// The cells that `read_csv` takes for a missing value, quoted or not; `str` shows them as "nan".
  static let missing: Set<String> = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
  ]

  /// One cell: its text as stored, and as the number that its column's type may turn it into.
  private enum Content {
    case missing
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case text
  }

  /// The type of one file's column.
  private enum Kind {
    case integer
    case number
    case boolean
    /// Strings, or booleans beside missing values: every cell keeps its own form.
    case object
  }

  /// What `str` shows for the cells of one column, from several files joined.
  /// - Parameter files: the cells of each file.
  static func shown(_ files: [[String]]) -> [[String]] {
    let typed = files.map { cells in (cells: cells, kind: kind(of: cells)) }
    let kinds = Set(typed.map(\.kind))
    return typed.map { cells, kind in
      // Joined columns of different number types become the wider one; booleans beside decimal numbers keep their form.
      let joined: Kind =
        if kinds.contains(.object) || kinds.isSuperset(of: [.boolean, .number]) { kind } else if kinds.contains(.number)
        {
          .number
        } else if kinds.contains(.integer) { .integer } else { kind }
      return cells.map { shown($0, as: joined, from: kind) }
    }
  }

  private static func kind(of cells: [String]) -> Kind {
    let contents = cells.map(content)
    var (integers, numbers, booleans, missing) = (0, 0, 0, 0)
    for content in contents {
      switch content {
      case .missing: missing += 1
      case .integer: integers += 1
      case .number: numbers += 1
      case .boolean: booleans += 1
      case .text: return .object
      }
    }
    if contents.isEmpty { return .object }
    if booleans > 0 { return booleans == contents.count ? .boolean : .object }
    return integers == contents.count ? .integer : .number
  }

  private static func shown(_ cell: String, as joined: Kind, from kind: Kind) -> String {
    switch (content(of: cell), joined) {
    case (.missing, _): "nan"
    case (.integer(let value), .integer): String(value)
    case (.integer(0), .number): PythonText.representation(of: cell.contains("-") ? -0.0 : 0)
    case (.integer(let value), .number): PythonText.representation(of: Double(value))
    case (.number(let value), .number): PythonText.representation(of: value)
    case (.boolean(let value), .integer): value ? "1" : "0"
    case (.boolean(let value), .number): value ? "1.0" : "0.0"
    case (.boolean(let value), .boolean): value ? "True" : "False"
    default: cell
    }
  }

  private static func content(of cell: String) -> Content {
    if missing.contains(cell) { return .missing }
    if cell.utf8.count <= 5 {
      let word = cell.lowercased()
      if word == "true" || word == "false" { return .boolean(word == "true") }
    }
    return number(in: cell)
  }

  /// An integer or decimal number between blanks; an infinity by either of its names.
  private static func number(in cell: String) -> Content {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte >= 0x09 && byte <= 0x0D }
    let trimmed = cell.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    let unsigned =
      trimmed.first == UInt8(ascii: "+") || trimmed.first == UInt8(ascii: "-") ? trimmed.dropFirst() : trimmed[...]
    guard let first = unsigned.first else { return .text }
    let isDigit = { (byte: UInt8) in byte >= 0x30 && byte <= 0x39 }
    let text = String(decoding: trimmed, as: UTF8.self)
    if unsigned.allSatisfy(isDigit) { return Int(text).map(Content.integer) ?? .text }
    if isDigit(first) || first == UInt8(ascii: "."), unsigned.allSatisfy({ isDigit($0) || ".eE+-".utf8.contains($0) }) {
      return Double(text).map(Content.number) ?? .text
    }
    let word = String(decoding: unsigned, as: UTF8.self).lowercased()
    guard word == "inf" || word == "infinity" else { return .text }
    return .number(trimmed.first == UInt8(ascii: "-") ? -.infinity : .infinity)
  }
}
