import Basics
import Datasets
import Foundation

/// The row outputs of one split in a folder: `forget_0.csv`, `forget_1.csv`, … one file a process.
public enum GenerationsFile {
  public static let columns = ["id", "task", "input", "expected_output", "model_output", "nll"]
  /// Added behind ``columns`` when scores are written; ignored when read.
  public static let scoreColumns = ["regurgitation-score-rouge-1", "regurgitation-score", "knowledge-score"]

  /// Writes rows as `DataFrame.to_csv(index=False)` does, aside and then in place. A cell with a lone carriage return is
  /// quoted as well, which older Pythons forget and then cannot read back.
  public static func write(_ rows: [RowOutput], includingScores: Bool = false, to path: String) throws {
    let file = try AtomicFile(path: path)
    try file.write(CSVWriter.line(columns + (includingScores ? scoreColumns : [])))
    for row in rows {
      var cells = [row.id, row.task, row.input, row.expectedOutput, row.modelOutput, number(row.nll)]
      if includingScores {
        let scores = RowScores(row)
        cells += [number(scores.regurgitationRouge1), number(scores.regurgitation)]
        cells.append(scores.knowledge.map { $0 == 1 ? "1" : "0" } ?? "")
      }
      try file.write(CSVWriter.line(cells))
    }
    try file.commit()
  }

  /// Whether an evaluation of a sample left the rows of a folder.
  static func areOfSample(in folder: String) throws -> Bool {
    try Folder.names(folder).contains { name in
      name.hasSuffix(".csv") && ["forget", "retain"].contains { name.hasPrefix("\($0)_sample_") }
    }
  }

  private static func number(_ value: Double?) -> String {
    value.map { $0.isNaN ? "" : PythonText.representation(of: $0) } ?? ""
  }

  /// Reads every `<split>_*.csv` of a folder, in the order of their names, as one split. The texts to compare are what
  /// Python's `str` shows of the values that pandas reads: a missing value is "nan".
  ///
  /// A file's last row may repeat the row before it: processes that share rows unevenly pad so, and the official script
  /// counts both.
  /// - Throws: ``Failure`` when there is no such file or no row, when a column or an id is missing, appears twice or has
  ///   no kind, or when a file is not CSV; it names file, line and column, never a cell's text.
  public static func readSplit(_ split: String, folder: String) throws -> [RowOutput] {
    let names = try Folder.names(folder).filter { $0.hasPrefix("\(split)_") && $0.hasSuffix(".csv") }
    guard !names.isEmpty else {
      throw Failure(
        .missingInput, at: Location(file: folder), "expected row outputs in \(split)_0.csv, found no \(split)_*.csv",
        hint: "give the folder that an evaluation wrote its rows to")
    }
    let tables = try names.map { try PandasCSV(path: (folder as NSString).appendingPathComponent($0)) }
    let rows = try join(tables)
    guard !rows.isEmpty else {
      throw Failure.mismatch(at: tables[0].location, expected: "at least one row of the split \(split)", found: "none")
    }
    return rows
  }

  private static func join(_ tables: [PandasCSV]) throws -> [RowOutput] {
    func shown(_ name: String) throws -> [[String]] {
      PandasColumn.shown(
        try tables.map { table in
          let column = try table.column(name)
          return table.rows.map { $0.cells[column] }
        })
    }
    let expected = try shown("expected_output")
    let generated = try shown("model_output")
    var seen: [[UInt8]: Location] = [:]
    var result: [RowOutput] = []
    for (number, table) in tables.enumerated() {
      let idColumn = try table.column("id")
      for (index, row) in table.rows.enumerated() {
        let place = table.location.at(line: row.line)
        let id = row.cells[idColumn]
        let isPadding = index > 0 && index == table.rows.count - 1 && row.cells == table.rows[index - 1].cells
        if !isPadding, let first = seen.updateValue(place, forKey: Array(id.utf8)) {
          throw Failure(
            .badData, at: place.appending(field: "id"), "the id appears twice; first at \(first)",
            hint: "keep the files of one evaluation in a folder of their own")
        }
        result.append(
          try output(row, of: table, at: place, expected: expected[number][index], generated: generated[number][index]))
      }
    }
    return result
  }

  private static func output(
    _ row: PandasCSV.Row, of table: PandasCSV, at place: Location, expected: String, generated: String
  ) throws -> RowOutput {
    func text(_ name: String) throws -> String {
      let cell = row.cells[try table.column(name)]
      guard !PandasColumn.missing.contains(cell) else {
        throw Failure.mismatch(at: place.appending(field: name), expected: "text", found: "a missing value")
      }
      return cell
    }
    var nll: Double?
    if let column = table.optionalColumn("nll"), !PandasColumn.missing.contains(row.cells[column]) {
      guard let value = Double(row.cells[column]) else {
        throw Failure.mismatch(at: place.appending(field: "nll"), expected: "a number", found: "text")
      }
      nll = value
    }
    let result = RowOutput(
      id: try text("id"), task: try text("task"), input: table.optionalColumn("input").map { row.cells[$0] } ?? "",
      expectedOutput: expected, modelOutput: generated, nll: nll)
    guard result.kind != nil else {
      throw Failure.mismatch(
        at: place.appending(field: "id"), expected: "an id that ends in sc or qa and one more character",
        found: "another ending")
    }
    return result
  }
}
