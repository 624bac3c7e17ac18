import Foundation

/// TOFU's truth ratio: the geometric mean of the wrong answers' probabilities over the right answer's.
public enum TruthRatio {
  /// One row's ratio, ≥ 0; near 1 where wrong and right answers are equally likely.
  /// - Parameters:
  ///   - answerLoss: mean loss of the paraphrased answer, or of the answer where a row has no paraphrase.
  ///   - perturbedLosses: mean loss of every wrong answer; not a number comes back when there are none.
  public static func value(answerLoss: Double, perturbedLosses: [Double]) -> Double {
    exp(-Mean.of(perturbedLosses)) / (AnswerProbability.value(meanLoss: answerLoss) + 1e-10)
  }

  /// ↑ on the forget set: the mean of min(TR, 1/(TR + 1e-10)), highest where right and wrong cannot be told apart.
  public static func forgetAggregate(_ ratios: [Double]) -> Double {
    Mean.of(ratios.map { min($0, 1 / ($0 + 1e-10)) })
  }

  /// ↑ on the other sets: the mean of max(0, 1 − TR), highest where the right answer is far likelier.
  public static func utilityAggregate(_ ratios: [Double]) -> Double {
    Mean.of(ratios.map { max(0, 1 - $0) })
  }
}
