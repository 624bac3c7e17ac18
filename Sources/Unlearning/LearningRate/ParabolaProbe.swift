/// AutoLR `gen` (Bu et al. 2024, Algorithm 1): two forward passes on retain data give A = L(θ − ηu), B = L(θ + ηu);
/// with L0 = L(θ) the parabola through the three has its minimum at η* = η·(B − A) / (2·(A + B − 2·L0)).
///
/// Where both lie so near to L0 that the difference is a rounding error of bfloat16, the parabola says nothing but that a
/// step of this size costs nothing. With a retain budget to catch a step that goes too far, the rate then doubles.
public enum ParabolaProbe {
  public static func decide(rate: Double, probe: StepProbe, rails: GuardRails) throws -> LearningRateDecision {
    let here = try probe.currentLoss()
    let ahead = try probe.retainLoss(rate)
    let behind = try probe.retainLoss(-rate)
    guard here.isFinite, ahead.isFinite, behind.isFinite else {
      return LearningRateDecision(outcome: .notFinite, before: rate, after: rate, proposed: nil)
    }
    if let allowance = probe.allowance, max(abs(ahead - here), abs(behind - here)) < rails.flatness * allowance {
      return LearningRateDecision(outcome: .flat, before: rate, after: rails.apply(2 * rate, to: rate), proposed: nil)
    }
    let curvature = ahead + behind - 2 * here
    guard curvature > 0, behind > ahead else {
      return LearningRateDecision(outcome: .kept, before: rate, after: rate, proposed: nil)
    }
    let proposed = rate * (behind - ahead) / (2 * curvature)
    return LearningRateDecision(
      outcome: .accepted, before: rate, after: rails.apply(proposed, to: rate), proposed: proposed)
  }
}
