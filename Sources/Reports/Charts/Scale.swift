import Foundation

/// Maps values of an axis to positions in a drawing.
package struct Scale: Sendable, Equatable {
  package enum Kind: Sendable, Equatable { case linear, logarithmic }

  package let kind: Kind
  /// The axis in values; never empty, and positive on a logarithmic axis.
  package let domain: ClosedRange<Double>
  /// The positions of the domain's ends; `end` may be the smaller, as y grows downwards.
  package let start: Double
  package let end: Double

  /// Values beyond this are not drawn: their differences would overflow.
  static let reach = 1e100

  /// - Returns: nil for a domain that is empty, not finite or, on a logarithmic axis, not positive.
  package init?(_ kind: Kind, domain: ClosedRange<Double>, from start: Double, to end: Double) {
    guard domain.lowerBound < domain.upperBound, abs(domain.lowerBound) <= Self.reach * 100,
      abs(domain.upperBound) <= Self.reach * 100, kind == .linear || domain.lowerBound > 0
    else { return nil }
    self.kind = kind
    self.domain = domain
    self.start = start
    self.end = end
  }

  package func position(_ value: Double) -> Double {
    let share: Double
    switch kind {
    case .linear: share = (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    case .logarithmic:
      let low = log10(domain.lowerBound)
      share = (log10(value) - low) / (log10(domain.upperBound) - low)
    }
    return start + (share.isFinite ? min(max(share, 0), 1) : 0) * (end - start)
  }

  /// Whether a value has a place on an axis of this kind.
  package static func isDrawable(_ value: Double, _ kind: Kind) -> Bool {
    switch kind {
    case .linear: value.isFinite && abs(value) <= reach
    case .logarithmic: value.isFinite && value >= 1 / reach && value <= reach
    }
  }
}
