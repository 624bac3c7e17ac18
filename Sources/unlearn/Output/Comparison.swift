import Basics
import Datasets
import Evaluation
import Foundation
import Unlearning

/// Several runs or evaluations in one table.
enum Comparison {
  struct Column {
    let name: String
    let figures: [EvaluationResults.Figure]
    /// Settings, times and memory of the run, by name.
    let facts: [(name: String, value: String)]
  }

  /// The evaluation after a run (and before it), or that of a folder of `evaluate`.
  static func columns(of folder: String, before: Bool) throws -> [Column] {
    let path = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let name = (path as NSString).lastPathComponent
    try Folder.require(path)
    func has(_ part: String) -> Bool { StoredFigures.exist(in: "\(path)/\(part)") }
    if has("") { return [try column(name, path, facts: [])] }
    guard has("evaluation/after") else {
      guard FileManager.default.fileExists(atPath: "\(path)/run.json") else {
        throw Failure(
          .missingInput, at: Location(file: path), "the folder holds neither a run nor an evaluation",
          hint: "give a folder of 'unlearn run' or of 'unlearn evaluate'")
      }
      return [Column(name: "\(name) (not evaluated)", figures: [], facts: try facts(path))]
    }
    let after = try column(name, "\(path)/evaluation/after", facts: facts(path))
    guard before, has("evaluation/before") else { return [after] }
    return [try column("\(name), before", "\(path)/evaluation/before", facts: []), after]
  }

  private static func column(
    _ name: String, _ folder: String, facts: [(name: String, value: String)]
  ) throws -> Column {
    let (figures, isSample) = try StoredFigures.read(folder)
    return Column(name: isSample ? "\(name) (sample)" : name, figures: figures, facts: facts)
  }

  private static func facts(_ run: String) throws -> [(name: String, value: String)] {
    let record = try RunRecord.read(run)
    let settings = try ConfigurationFile.read("\(run)/config.yaml", over: RunConfiguration()).0
    func number(_ key: String, _ digits: Int) -> String {
      record.details[key]?.doubleValue.map { fixed($0, digits) } ?? "–"
    }
    let mode = settings.learningRateMode
    let rate = mode == .fixed ? "\(settings.baseLearningRate)" : "auto (\(mode.rawValue))"
    return [
      ("method", settings.method.rawValue), ("learning rate", rate),
      ("tuning", settings.tuning.rawValue), ("seed", String(record.seed)), ("steps", number("steps", 0)),
      ("minutes", number("minutes", 1)), ("tokens/s", number("tokens_per_second", 0)),
      ("peak memory, MiB", number("peak_memory_mib", 0)),
    ]
  }

  static func text(_ columns: [Column], as format: Compare.Format) -> String {
    let header = ["of", "figure", "better"] + columns.map(\.name)
    var rows = FigureTable.rows(columns.map { ($0.name, $0.figures) })
    for name in columns.first(where: { !$0.facts.isEmpty })?.facts.map(\.name) ?? [] {
      rows.append(["run", name, ""] + columns.map { $0.facts.first { $0.name == name }?.value ?? "–" })
    }
    switch format {
    case .text:
      var table = TextTable(
        columns: header.enumerated().map { .init($0.element, $0.offset < 3 ? .left : .right) })
      for row in rows { table.add(row) }
      return table.text
    case .csv:
      return ([header] + rows).map { CSVWriter.line($0) }.joined()
    case .markdown:
      let rule = header.indices.map { $0 < 3 ? "---" : "---:" }
      let cells = ([header, rule] + rows).map { $0.map { $0.replacingScalars(["|": "\\|"]) } }
      return cells.map { "| \($0.joined(separator: " | ")) |\n" }.joined()
    case .html:
      func line(_ cells: [String], _ tag: String) -> String {
        "<tr>\(cells.map { "<\(tag)>\(escaped($0))</\(tag)>" }.joined())</tr>\n"
      }
      return """
        <!doctype html><meta charset="utf-8"><title>Comparison</title>
        <style>body{font:15px system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}
        td,th{padding:.3rem .7rem;border-bottom:1px solid #8884;text-align:right}
        td:nth-child(-n+3),th:nth-child(-n+3){text-align:left}:root{color-scheme:light dark}</style>
        <table>\n\(line(header, "th"))\(rows.map { line($0, "td") }.joined())</table>\n
        """
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacingScalars(["&": "&amp;", "<": "&lt;", ">": "&gt;"])
  }
}
