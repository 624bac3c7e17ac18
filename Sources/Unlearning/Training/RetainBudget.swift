import Basics
import LanguageModels

/// The retain budget (paper §1, "adaptive thresholding"): a step after which the loss on a fixed retain sample is more
/// than `limit` (relative) above its start is rolled back.
struct RetainBudget {
  let limit: Double
  /// Nats a token that are allowed on top, for models that know the retain set by heart: a fifth of next to nothing is
  /// nothing.
  let slack: Double
  let samples: [Sample]
  /// Samples that are kept out of training for the budget; empty when the set is too small to spare any.
  let heldOut: Set<String>

  /// Takes `rows` samples by the seed.
  /// - Parameter isHeldOut: keeps them out of training when at least eight times as many remain. Then they stand for all
  ///   that is like the retain set; else for the retain set itself.
  init(limit: Double, slack: Double, rows: Int, isHeldOut: Bool, from samples: [Sample], seed: Int) {
    self.limit = limit
    self.slack = slack
    var random = RandomStream(seed: UInt64(bitPattern: Int64(seed)), purpose: "retain budget")
    self.samples = Array(random.shuffled(samples).prefix(rows))
    heldOut = isHeldOut && samples.count >= 9 * rows ? Set(self.samples.map(\.id)) : []
  }

  /// Nats a token that the loss may rise above its start.
  func allowance(baseline: Double) -> Double { baseline * limit + slack }

  /// Whether at most half of the rise that is allowed is used up.
  func isHalfFree(_ loss: Double, baseline: Double) -> Bool {
    loss <= baseline + allowance(baseline: baseline) / 2
  }

  func allows(_ loss: Double, baseline: Double) -> Bool {
    loss.isFinite && loss <= baseline + allowance(baseline: baseline)
  }
}
