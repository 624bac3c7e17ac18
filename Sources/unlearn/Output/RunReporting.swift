import Basics
import Evaluation
import Reports
import Unlearning

/// What `run` and `memorize` print at the end, and how they end.
enum RunReporting {
  /// - Parameter reports: writes `report.html` too.
  static func finish(_ outcome: RunOutcome, reports: Bool = false) throws {
    switch outcome.ending {
    case .interrupted:
      if let written = outcome.written { print("written: \(written)") }
      if reports { try writeReport(outcome.folder) }
      throw Failure(
        .stopped, at: Location(file: outcome.folder), "stopped after \(steps(outcome)); the state is saved",
        hint: "go on with --resume \(outcome.folder)")
    case .alreadyDone:
      print("\(outcome.folder): the run is done already")
      if reports { try writeReport(outcome.folder) }
    case .finished(let reason):
      if let before = outcome.before, let after = outcome.after {
        if let sample = after.sampleCounts.text { print("evaluated on a sample: \(sample)") }
        print(table(before, after, outcome.reference).text)
      }
      print(
        "\(steps(outcome)) in \(fixed(outcome.seconds / 60, 1)) min, "
          + "\(fixed(outcome.tokensPerSecond, 0)) tokens/s; ended by: \(reason.rawValue)")
      if let written = outcome.written { print("written: \(written)") }
      if reports { try writeReport(outcome.folder) }
    }
  }

  private static func steps(_ outcome: RunOutcome) -> String {
    "\(outcome.steps) \(outcome.steps == 1 ? "step" : "steps")"
  }

  private static func writeReport(_ folder: String) throws {
    let path = "\(folder)/\(RunReport.fileName)"
    try RunReport(folder: folder).write(to: path)
    print("written: \(path)")
  }

  /// What is wanted of a figure: forgetting turns the direction of the forget set's around.
  private static func table(
    _ before: EvaluationSummary, _ after: EvaluationSummary, _ reference: EvaluationSummary?
  ) -> TextTable {
    let compared: [TextTable.Column] = reference == nil ? [] : [.init("reference"), .init("gap")]
    var table = TextTable(
      columns: [
        .init("of", .left), .init("figure", .left), .init("wanted", .left), .init("before"), .init("after"),
        .init("change"),
      ] + compared)
    for end in after.figures {
      let start = before.value(end.group, end.name)
      var change = ""
      if let first = start, let last = end.value, first != 0 {
        change = "\(last >= first ? "+" : "−")\(fixed(abs(last / first - 1) * 100, 1)) %"
      }
      let wanted = end.group.hasPrefix("retain") ? "=" : end.direction.symbol
      table.add(
        [
          end.group, end.name, wanted, FigureTable.number(start), FigureTable.number(end.value), change,
        ] + (reference.map { FigureTable.gap(end, to: $0) } ?? []))
    }
    return table
  }
}

extension [SampleCount] {
  /// What was looked at in part, for people; nil when all was looked at whole.
  var text: String? {
    let parts = filter { $0.evaluated < $0.total }.map { "\($0.evaluated) of \($0.total) \($0.kind.name)" }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
