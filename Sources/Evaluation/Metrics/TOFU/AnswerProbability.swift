import Foundation

/// TOFU's probability of an answer from its mean token loss.
public enum AnswerProbability {
  /// exp(−loss): the geometric mean of the token probabilities.
  /// - Parameter meanLoss: mean negative log-likelihood of the label tokens, in nats.
  public static func value(meanLoss: Double) -> Double { exp(-meanLoss) }

  /// The right answer's share among the options, p/(p + Σ p_wrong + 1e-10): real authors and world facts.
  public static func share(correctLoss: Double, wrongLosses: [Double]) -> Double {
    let correct = value(meanLoss: correctLoss)
    return correct / (correct + wrongLosses.reduce(0) { $0 + value(meanLoss: $1) } + 1e-10)
  }
}
