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
  /// Median of the same documents' ``RetainPrior/surprise(of:)``; nil without a prior.
  package var unseenSurprise: Double?

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

  /// A document whose labels the retain set tells better than those of the unseen ones would cost a model that never saw
  /// it less than those: its bound is theirs times the ratio of the surprises. Of other rows the mean is over labels as far
  /// as the retain set does not tell them.
  /// - Parameters:
  ///   - losses: those of the row's labels.
  ///   - prior: the labels' probabilities by the retain set alone, where known.
  package func standing(of sample: Sample, losses: [Double], prior: [Double]? = nil) -> Standing {
    guard !losses.isEmpty else { return .forgotten }
    if let unseenLoss, sample.isWholeText {
      let mean = losses.reduce(0, +) / Double(losses.count)
      var bound = unseenLoss
      if let prior, let unseenSurprise, unseenSurprise > 0 {
        bound *= RetainPrior.surprise(of: prior) / unseenSurprise
      }
      if mean < bound * (1 - Self.tolerance) { return .known }
      return mean > bound * (1 + Self.tolerance) ? .beyond : .forgotten
    }
    guard let limit else { return .known }
    let weights = prior.map { $0.map { 1 - $0 } } ?? losses.map { _ in 1 }
    return zip(weights, losses).reduce(0) { $0 + $1.0 * $1.1 } < limit * weights.reduce(0, +) ? .known : .forgotten
  }
}
