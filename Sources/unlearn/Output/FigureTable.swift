import Basics
import Evaluation

/// Figures of one or more evaluations as a table that a person reads.
enum FigureTable {
  /// One column an evaluation, one row a figure, with the direction in which it gets better.
  /// - Parameter showsGap: adds the difference of the first two columns.
  static func text(
    _ columns: [(name: String, figures: [EvaluationResults.Figure])], showsGap: Bool = false
  ) -> String {
    var table = TextTable(
      columns: [.init("of", .left), .init("figure", .left), .init("better", .left)] + columns.map { .init($0.name) }
        + (showsGap ? [.init("gap")] : []))
    for row in rows(columns) {
      let values = row.dropFirst(3).prefix(2).compactMap(Double.init)
      let gap = values.count == 2 ? "\(values[0] >= values[1] ? "+" : "−")\(fixed(abs(values[0] - values[1]), 3))" : "–"
      table.add(row + (showsGap ? [gap] : []))
    }
    return table.text
  }

  /// A figure's value in a reference evaluation, and how far the figure is from it.
  static func gap(_ figure: EvaluationResults.Figure, to reference: EvaluationSummary) -> [String] {
    guard let other = reference.value(figure.group, figure.name) else { return ["–", "–"] }
    guard let value = figure.value else { return [fixed(other, 3), "–"] }
    return [fixed(other, 3), "\(value >= other ? "+" : "−")\(fixed(abs(value - other), 3))"]
  }

  /// The cells of each row: group, name, direction, one value a column.
  static func rows(_ columns: [(name: String, figures: [EvaluationResults.Figure])]) -> [[String]] {
    var keys: [(group: String, name: String, direction: MetricDirection)] = []
    for figure in columns.flatMap(\.figures)
    where !keys.contains(where: { $0.0 == figure.group && $0.1 == figure.name }) {
      keys.append((figure.group, figure.name, figure.direction))
    }
    return keys.map { key in
      [key.group, key.name, key.direction.symbol]
        + columns.map { column in
          let figure = column.figures.first { $0.group == key.group && $0.name == key.name }
          return figure?.value.map { fixed($0, 3) } ?? "–"
        }
    }
  }
}
