import Basics

/// The rows of one set of a suite and their metrics.
public struct SuiteSet: Sendable, Equatable {
  public var name: String
  /// One a row; what a metric's `perRow` is in the order of.
  public var ids: [String]
  public var metrics: [MetricValue]

  public init(name: String, ids: [String], metrics: [MetricValue]) {
    self.name = name
    self.ids = ids
    self.metrics = metrics
  }

  public subscript(metric: String) -> MetricValue? { metrics.first { $0.name == metric } }
}

/// What a suite found: its own metrics, and every set with its rows. Numbers and ids, never text of a row.
public struct SuiteResult: Sendable, Equatable {
  /// `tofu`, `membership`, `muse`.
  public var suite: String
  /// What the figures depend on, as it was used.
  public var settings: JSONObject
  /// Metrics of the suite as a whole.
  public var metrics: [MetricValue]
  /// Why a metric has no value, by its name; its aggregate is not a number then.
  public var reasons: [String: String]
  public var sets: [SuiteSet]
  /// Rows of the sets as they are in the data, by name, of those that were looked at in part.
  public private(set) var totals: [String: Int] = [:]

  public init(
    suite: String, settings: JSONObject, metrics: [MetricValue], reasons: [String: String] = [:], sets: [SuiteSet]
  ) {
    self.suite = suite
    self.settings = settings
    self.metrics = metrics
    self.reasons = reasons
    self.sets = sets
  }

  /// The same with the number of rows that each set has in the data.
  func ofSets(_ counts: [String: Int]) -> SuiteResult {
    var result = self
    for set in sets {
      if let count = counts[set.name], set.ids.count < count { result.totals[set.name] = count }
    }
    return result
  }

  /// How many rows of how many, of sets that were looked at in part; nil when none was.
  public var sample: String? {
    let parts = sets.compactMap { set in totals[set.name].map { "\(set.ids.count) of \($0) \(set.name)" } }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  public subscript(metric: String) -> MetricValue? { metrics.first { $0.name == metric } }

  public func set(_ name: String) -> SuiteSet? { sets.first { $0.name == name } }
}
