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
    for key in keys(columns.flatMap(\.figures)) {
      let values = columns.map { value(key, $0.figures) }
      table.add(cells(key, values) + (showsGap ? [gap(values.first ?? nil, values.dropFirst().first ?? nil)] : []))
    }
    return table.text
  }

  /// A figure's value in a reference evaluation, and how far the figure is from it.
  static func gap(_ figure: EvaluationResults.Figure, to reference: EvaluationSummary) -> [String] {
    let other = reference.value(figure.group, figure.name)
    return [number(other), gap(figure.value, other)]
  }

  private static func gap(_ value: Double?, _ other: Double?) -> String {
    guard let value, let other else { return "–" }
    return "\(value >= other ? "+" : "−")\(fixed(abs(value - other), 3))"
  }

  /// Three digits behind the point; of what would be nothing but zeros there, two digits and the power of ten: a p-value
  /// is read by its power.
  static func number(_ value: Double?) -> String {
    guard let value else { return "–" }
    return value != 0 && abs(value) < 0.0005 ? scientific(value) : fixed(value, 3)
  }

  /// The cells of each row: group, name, direction, one value a column.
  static func rows(_ columns: [(name: String, figures: [EvaluationResults.Figure])]) -> [[String]] {
    keys(columns.flatMap(\.figures)).map { key in
      cells(key, columns.map { value(key, $0.figures) })
    }
  }

  private typealias Key = (group: String, name: String, direction: MetricDirection)

  private static func keys(_ figures: [EvaluationResults.Figure]) -> [Key] {
    var keys: [Key] = []
    for figure in figures where !keys.contains(where: { $0.group == figure.group && $0.name == figure.name }) {
      keys.append((figure.group, figure.name, figure.direction))
    }
    return keys
  }

  private static func value(_ key: Key, _ figures: [EvaluationResults.Figure]) -> Double? {
    figures.first { $0.group == key.group && $0.name == key.name }?.value
  }

  private static func cells(_ key: Key, _ values: [Double?]) -> [String] {
    [key.group, key.name, key.direction.symbol] + values.map(number)
  }
}
