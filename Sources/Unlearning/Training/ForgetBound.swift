import Foundation
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
  private static let tolerance = 0.06
  /// A label is raised so far above its own bound, relatively: others of the row stay below theirs, and the row's mean would
  /// not get to its bound.
  package static let labelMargin = 0.15

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

  /// The loss of each of a row's labels at which the label has been forgotten, in nats; infinite without a bound.
  ///
  /// A label costs a model that never saw it the more, the less the retain set tells it: its bound is the loss of unseen
  /// documents times its surprise over theirs.
  /// - Parameters:
  ///   - count: labels of the row.
  ///   - prior: the labels' probabilities by the retain set alone, where known.
  package func ofLabels(_ sample: Sample, count: Int, prior: [Double]? = nil) -> [Double] {
    guard let unseenLoss else { return Array(repeating: limit ?? .infinity, count: count) }
    if let prior, let unseenSurprise, unseenSurprise > 0 {
      return prior.map { -log($0) * unseenLoss / unseenSurprise }
    }
    return Array(repeating: sample.isWholeText ? unseenLoss : limit ?? .infinity, count: count)
  }

  /// The bound of a document is the mean of those of its labels. Of other rows the mean is over labels as far as the
  /// retain set does not tell them.
  /// - Parameters:
  ///   - losses: those of the row's labels.
  ///   - bounds: ``ofLabels(_:count:prior:)``.
  ///   - prior: the labels' probabilities by the retain set alone, where known.
  package func standing(
    of sample: Sample, losses: [Double], bounds: [Double], prior: [Double]? = nil
  ) -> Standing {
    guard !losses.isEmpty else { return .forgotten }
    let sum = losses.reduce(0, +)
    if unseenLoss != nil, sample.isWholeText {
      let bound = bounds.reduce(0, +)
      if sum < bound { return .known }
      return sum > bound * (1 + Self.tolerance) ? .beyond : .forgotten
    }
    guard let limit else { return .known }
    let weights = prior.map { $0.map { 1 - $0 } } ?? losses.map { _ in 1 }
    return zip(weights, losses).reduce(0) { $0 + $1.0 * $1.1 } < limit * weights.reduce(0, +) ? .known : .forgotten
  }
}
