/// MUSE's privacy leakage: how far the membership AUC is from that of a model trained without the forget set.
///
/// 0 is best. Above 0 forget rows look less like members than they should (over-unlearned) when the AUC is of member
/// scores as ``MembershipScore`` gives them; below 0, more (under-unlearned).
public enum PrivLeak {
  /// (a − r)/(r + 1e-10)·100 with a and r one minus the AUC of the unlearned and the retrained model.
  /// - Parameters:
  ///   - areaUnderCurve: with forget rows as 0, holdout rows as 1.
  ///   - retrained: the same of the retrained model.
  public static func value(areaUnderCurve: Double, retrained: Double) -> Double {
    let reference = 1 - retrained
    return ((1 - areaUnderCurve) - reference) / (reference + 1e-10) * 100
  }
}
