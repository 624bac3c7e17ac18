import LanguageModels

/// Bounded forgetting: a row whose mean loss has reached the bound has been forgotten and is let go, so that the
/// objective is of the rows below it.
///
/// Without a bound the loss of rows long forgotten keeps growing, and what it costs is paid by everything else. A bound
/// near the loss of text that the model has never seen ends a row where a model without it would stand. Where such text
/// is at hand, its loss is the bound of documents, and documents above it are led back: forgotten too well is as telling
/// to a membership attack as not forgotten.
package struct ForgetBound: Sendable {
  /// Mean loss of a row, in nats a token; nil lets no row go.
  package let limit: Double?
  /// Median of the mean losses of documents that the model has never seen, as it is now; nil when none are at hand.
  package var unseenLoss: Double?

  /// Documents this near to the loss of unseen ones, relatively, are where they should be.
  private static let tolerance = 0.03

  package init(limit: Double?, unseenLoss: Double? = nil) {
    self.limit = limit
    self.unseenLoss = unseenLoss
  }

  /// Where a row stands.
  package enum Standing: Sendable {
    /// Still known: the objective is of it.
    case known
    case forgotten
    /// Less likely than unseen text.
    case beyond
  }

  /// - Parameters:
  ///   - sum, count: label losses of a row and how many they are.
  package func standing(of sample: Sample, sum: Double, count: Int) -> Standing {
    guard count > 0 else { return .forgotten }
    let mean = sum / Double(count)
    if let unseenLoss, sample.isWholeText {
      if mean < unseenLoss * (1 - Self.tolerance) { return .known }
      return mean > unseenLoss * (1 + Self.tolerance) ? .beyond : .forgotten
    }
    return limit.map { mean < $0 } ?? true ? .known : .forgotten
  }
}
