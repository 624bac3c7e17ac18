/// Bounds on what one fit may do to the learning rate (paper §1: "adaptive thresholding").
public struct GuardRails: Sendable, Equatable {
  public var minimum: Double
  public var maximum: Double
  /// Share of the old rate in the new one: 0 takes the fit as it is, 0.9 is GeN's own code.
  public var smoothing: Double
  /// Share of the retain budget; a probe that moves the retain loss by less has measured nothing.
  public var flatness: Double

  public init(minimum: Double = 1e-7, maximum: Double = 1, smoothing: Double = 0, flatness: Double = 0.02) {
    self.minimum = minimum
    self.maximum = maximum
    self.smoothing = smoothing
    self.flatness = flatness
  }

  /// The proposal held to [η/2, 2η], smoothed, and held to [minimum, maximum].
  public func apply(_ proposal: Double, to rate: Double) -> Double {
    let bounded = min(max(proposal, rate / 2), 2 * rate)
    let smooth = smoothing * rate + (1 - smoothing) * bounded
    return held(smooth)
  }

  /// The rate held to [minimum, maximum].
  public func held(_ rate: Double) -> Double { min(max(rate, minimum), maximum) }
}
