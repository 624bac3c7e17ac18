/// A table as aligned text for a terminal or a log.
public struct TextTable: Sendable {
  public enum Alignment: Sendable { case left, right }

  /// A column: its title, and how its cells stand.
  public struct Column: Sendable {
    public var title: String
    public var alignment: Alignment

    public init(_ title: String, _ alignment: Alignment = .right) {
      self.title = title
      self.alignment = alignment
    }
  }

  public let columns: [Column]
  public private(set) var rows: [[String]] = []

  public init(columns: [Column]) { self.columns = columns }

  /// Adds a row; missing cells are empty, cells beyond the last column are dropped.
  public mutating func add(_ cells: [String]) {
    let padding = Array(repeating: "", count: max(0, columns.count - cells.count))
    rows.append(Array(cells.prefix(columns.count)) + padding)
  }

  /// Titles, a rule, and the rows; columns are two spaces apart, lines have no trailing spaces and end with a line
  /// feed. Control characters in cells are shown as `�`, so that no cell can break the lines or drive the terminal.
  public var text: String {
    let cells = ([columns.map(\.title)] + rows).map { $0.map(\.printable) }
    let widths = columns.indices.map { column in cells.reduce(0) { max($0, DisplayWidth.of($1[column])) } }
    var lines = cells.map { row in line(row, widths) }
    lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), at: 1)
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = zip(zip(cells, widths), columns).map { cell, column in
      let padding = String(repeating: " ", count: cell.1 - DisplayWidth.of(cell.0))
      return column.alignment == .right ? padding + cell.0 : cell.0 + padding
    }.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }
}
