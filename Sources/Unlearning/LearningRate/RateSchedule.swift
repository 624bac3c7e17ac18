import Foundation

/// The shape of the learning rate over a run.
public enum RateSchedule: String, Sendable, CaseIterable {
  case constant
  /// Falls to a twentieth along half a cosine.
  case cosine
  /// Stays for two thirds of the run, then falls to a twentieth along half a cosine (WSD; Hu et al. 2024, arXiv 2404.06395).
  case warmupStableDecay = "warmup-stable-decay"
  /// Falls to a tenth along half a cosine over three fifths of the run, then stays.
  case decayAndHold = "decay-and-hold"
  /// Falls to zero in a straight line.
  case linear

  /// The factor on the base rate at `step` (from 0) of `total`, after a linear warm-up of `warmup` steps.
  public func factor(step: Int, total: Int, warmup: Int) -> Double {
    let rising = warmup > 0 ? min(1, Double(step + 1) / Double(warmup)) : 1
    let progress = total > 0 ? min(1, Double(step) / Double(total)) : 0
    switch self {
    case .constant: return rising
    case .cosine: return rising * Self.halfCosine(progress)
    case .warmupStableDecay: return rising * Self.halfCosine(max(0, 3 * progress - 2))
    case .decayAndHold: return rising * Self.halfCosine(min(1, progress / 0.6), floor: 0.1)
    case .linear: return rising * (1 - progress)
    }
  }

  private static func halfCosine(_ progress: Double, floor: Double = 0.05) -> Double {
    floor + (1 - floor) * 0.5 * (1 + cos(Double.pi * progress))
  }
}
