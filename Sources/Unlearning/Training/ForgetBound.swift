/// Bounded forgetting: a row whose mean loss has reached the bound has been forgotten and is let go, so that the
/// objective is of the rows below it.
///
/// Without a bound the loss of rows long forgotten keeps growing, and what it costs is paid by everything else. A bound
/// near the loss of text that the model has never seen ends a row where a model without it would stand.
package struct ForgetBound: Sendable {
  /// Mean loss of a row, in nats a token; nil lets no row go.
  package let limit: Double?

  package init(limit: Double?) { self.limit = limit }

  /// - Parameters:
  ///   - sums, counts: label losses of a row and how many they are.
  package func isActive(sum: Double, count: Int) -> Bool {
    guard count > 0 else { return false }
    return limit.map { sum < $0 * Double(count) } ?? true
  }
}
