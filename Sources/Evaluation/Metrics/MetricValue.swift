/// Which way a metric improves.
public enum MetricDirection: Sendable, Equatable {
  case higherIsBetter
  case lowerIsBetter
  /// Neither end is good: the best value is `target` (PrivLeak's 0, an AUC of ½).
  case closerIsBetter(to: Double)

  /// `↑`, `↓`, or `→` and the target.
  public var symbol: String {
    switch self {
    case .higherIsBetter: "↑"
    case .lowerIsBetter: "↓"
    case .closerIsBetter(let target): "→ \(PythonText.representation(of: target))"
    }
  }

  /// The direction whose ``symbol`` this is.
  init?(symbol: String) {
    switch symbol {
    case "↑": self = .higherIsBetter
    case "↓": self = .lowerIsBetter
    default:
      guard symbol.hasPrefix("→ "), let target = Double(symbol.dropFirst(2)) else { return nil }
      self = .closerIsBetter(to: target)
    }
  }
}

/// One metric of one evaluation: its direction, its value on every row, and its aggregate.
public struct MetricValue: Sendable, Equatable {
  public var name: String
  public var direction: MetricDirection
  /// Not a number where the metric is undefined, such as a mean over no rows.
  public var aggregate: Double
  /// In the order of the rows; nil where the metric does not apply to a row. Empty for a metric of the whole set.
  public var perRow: [Double?]

  public init(name: String, direction: MetricDirection, aggregate: Double, perRow: [Double?] = []) {
    self.name = name
    self.direction = direction
    self.aggregate = aggregate
    self.perRow = perRow
  }

  /// The metric whose aggregate is the mean over the rows that it applies to.
  public init(name: String, direction: MetricDirection, meanOf perRow: [Double?]) {
    self.init(name: name, direction: direction, aggregate: Mean.of(perRow.compactMap { $0 }), perRow: perRow)
  }
}
