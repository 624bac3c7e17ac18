import Basics

/// ↑ TOFU's forget quality: the p-value of a Kolmogorov–Smirnov test that the unlearned model's truth ratios on the forget
/// set come from the same distribution as those of a model that never saw it.
public enum ForgetQuality {
  /// - Parameters:
  ///   - unlearned: the truth ratio of every forget row under the unlearned model.
  ///   - retained: the same under the model trained on the retain set alone.
  /// - Throws: ``Failure`` when there is no retain model to compare with, or a ratio is missing.
  public static func value(unlearned: [Double], retained: [Double]?) throws -> Double {
    guard let retained else {
      throw Failure(
        .missingInput, at: Location(field: "forget quality"),
        "expected the truth ratios of a model trained on the retain set alone, found none",
        hint: "evaluate such a model first and give its log; no other model can stand in for it")
    }
    return try KolmogorovSmirnov(unlearned, retained).pValue
  }
}
