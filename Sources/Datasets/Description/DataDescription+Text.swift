import Basics
import Foundation

extension DataDescription {
  /// The tables for a terminal: rows for each set and task; then kinds, documents, characters and, where they were
  /// counted, tokens.
  public var text: String { "\(countTable.text)\n\(detailTable.text)" }

  /// Rows for each set (lines) and task (columns).
  public var countTable: TextTable {
    let tasks = taskNames
    var table = TextTable(columns: [.init("rows", .left)] + tasks.map { .init($0) } + [.init("total")])
    for set in sets {
      let counts = tasks.map { task in
        set.tasks.first { $0.name.utf8.elementsEqual(task.utf8) }?.counts.rows ?? 0
      }
      table.add([set.name] + counts.map(String.init) + [String(set.total.rows)])
    }
    return table
  }

  /// For each set and task: kinds of rows, documents, characters, tokens of input and output together.
  public var detailTable: TextTable {
    let hasTokens = sets.contains { $0.total.tokens != nil }
    var columns: [TextTable.Column] = [.init("set", .left), .init("task", .left)]
    columns += ["rows", "sc", "qa", "documents", "characters"].map { .init($0) }
    if hasTokens { columns += ["tokens", "mean", "p50", "p90", "max"].map { .init($0) } }
    var table = TextTable(columns: columns)
    for set in sets {
      for (task, counts) in set.tasks + [(name: "all", counts: set.total)] {
        table.add([set.name, task] + cells(counts))
      }
    }
    return table
  }

  private func cells(_ counts: RowCounts) -> [String] {
    let numbers = [
      counts.rows, counts.sentenceCompletions, counts.questionAnswers, counts.documents, counts.characters,
    ]
    guard let tokens = counts.tokens else { return numbers.map(String.init) }
    // Rounded by hand: the format of a number must not follow the user's locale.
    let tenths = Int((tokens.mean * 10).rounded())
    return numbers.map(String.init)
      + [String(tokens.total), "\(tenths / 10).\(tenths % 10)"]
      + [tokens.median, tokens.percentile90, tokens.maximum].map(String.init)
  }
}
