import Basics
import Unlearning

/// What `run` and `memorize` print at the end, and how they end.
enum RunReporting {
  static func finish(_ outcome: RunOutcome) throws {
    switch outcome.ending {
    case .interrupted:
      throw Failure(
        .stopped, at: Location(file: outcome.folder), "stopped after \(outcome.steps) steps; the state is saved",
        hint: "go on with --resume \(outcome.folder)")
    case .alreadyDone: print("\(outcome.folder): the run is done already")
    case .finished(let reason):
      if let before = outcome.before, let after = outcome.after { print(table(before, after).text) }
      print(
        "\(outcome.steps) steps in \(fixed(outcome.seconds / 60, 1)) min, "
          + "\(fixed(outcome.tokensPerSecond, 0)) tokens/s; ended by: \(reason.rawValue)")
      if let written = outcome.written { print("written: \(written)") }
    }
  }

  private static func table(_ before: EvaluationPair, _ after: EvaluationPair) -> TextTable {
    var table = TextTable(columns: [
      .init("set", .left), .init("metric", .left), .init("before"), .init("after"), .init("change"),
      .init("wanted", .left),
    ])
    let sets = [("forget", before.forget, after.forget), ("retain", before.retain, after.retain)]
    for (name, start, end) in sets {
      let forgets = name == "forget"
      let metrics = [
        ("NLL", start.nll, end.nll, forgets ? "↑" : "="),
        ("ROUGE-L recall", start.rougeL, end.rougeL, forgets ? "↓" : "="),
        ("exact match", start.exactMatch, end.exactMatch, forgets ? "↓" : "="),
      ]
      for (metric, first, last, wanted) in metrics {
        guard let first, let last else { continue }
        let change = first == 0 ? "" : "\(last >= first ? "+" : "−")\(fixed(abs(last / first - 1) * 100, 1)) %"
        table.add([name, metric, fixed(first, 3), fixed(last, 3), change, wanted])
      }
    }
    return table
  }
}
