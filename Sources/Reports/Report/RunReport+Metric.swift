extension RunReport {
  /// Which way a figure improves.
  public enum Direction: Sendable, Equatable {
    case higherIsBetter
    case lowerIsBetter
    /// Neither end is good, such as ½ for the AUC of an attack.
    case closerIsBetter(to: Double)
    /// No end is good in itself: the change is shown, and not judged.
    case unjudged
  }

  /// One figure before and after the run and, where there is one, of the model retrained without the forget set.
  public struct Metric: Sendable, Equatable {
    public var name: String
    /// The heading under which the metric stands, such as `Forget set`.
    public var group: String
    public var direction: Direction
    /// A value that is not a number is shown as undefined.
    public var before: Double?
    public var after: Double?
    /// The retrained model's value.
    public var reference: Double?
    /// The metric's least and greatest value, between which its change is drawn; nil for one without bounds, such as a
    /// loss.
    public var bounds: ClosedRange<Double>?

    public init(
      _ name: String, group: String = "", direction: Direction, before: Double? = nil, after: Double? = nil,
      reference: Double? = nil, bounds: ClosedRange<Double>? = 0...1
    ) {
      self.name = name
      self.group = group
      self.direction = direction
      self.before = before
      self.after = after
      self.reference = reference
      self.bounds = bounds
    }
  }
}

extension RunReport.Metric {
  /// Whether a change is for the better.
  package enum Judgement: String, Sendable {
    case better, worse, same
  }

  /// After minus before; nil unless both are finite.
  package var change: Double? { Self.difference(after, before) }

  /// After minus reference; nil unless both are finite.
  package var gap: Double? { Self.difference(after, reference) }

  /// Nil where there is no change to judge or no direction to judge it by.
  package var judgement: Judgement? {
    guard let before, let after, change != nil else { return nil }
    let gain: Double
    switch direction {
    case .higherIsBetter: gain = after - before
    case .lowerIsBetter: gain = before - after
    case .closerIsBetter(let target): gain = abs(before - target) - abs(after - target)
    case .unjudged: return nil
    }
    guard gain.isFinite else { return nil }
    return abs(gain) < 1e-9 ? .same : gain > 0 ? .better : .worse
  }

  private static func difference(_ left: Double?, _ right: Double?) -> Double? {
    guard let left, let right, (left - right).isFinite else { return nil }
    return left - right
  }
}
