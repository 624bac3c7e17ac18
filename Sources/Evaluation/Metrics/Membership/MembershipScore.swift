import Foundation

/// Scores of one row for a membership attack: the higher, the less likely the row was trained on.
///
/// Token log-probabilities are natural logarithms, one a predicted token. A score over no tokens is not a number.
public enum MembershipScore {
  /// The mean token loss itself.
  public static func loss(_ logProbabilities: [Double]) -> Double { -Mean.of(logProbabilities) }

  /// The loss for each byte of the compressed text.
  /// - Parameter compressedBytes: length of the row's UTF-8 text after zlib compression.
  public static func zlib(loss: Double, compressedBytes: Int) -> Double { loss / Double(compressedBytes) }

  /// The loss against that of a reference model.
  public static func reference(loss: Double, referenceLoss: Double) -> Double { loss - referenceLoss }

  /// Min-K%: minus the mean of the lowest max(1, ⌊n·fraction⌋) token log-probabilities (Shi et al., 2024).
  public static func minK(_ logProbabilities: [Double], fraction: Double) -> Double {
    let wanted = max(1, Double(logProbabilities.count) * fraction)
    let count = wanted < Double(logProbabilities.count) ? Int(wanted) : logProbabilities.count
    return -Mean.of(logProbabilities.sorted().prefix(count))
  }

  /// Min-K%++: Min-K% of the log-probabilities standardised over the vocabulary (Zhang et al., 2025).
  /// - Parameters:
  ///   - means: at each position, the mean of the log-probabilities of all tokens under the model's distribution.
  ///   - variances: their variance, raised to 1e-6 where it is below.
  public static func minKPlusPlus(
    _ logProbabilities: [Double], means: [Double], variances: [Double], fraction: Double
  ) -> Double {
    let standardised = zip(logProbabilities, zip(means, variances)).map { logProbability, moments in
      (logProbability - moments.0) / max(moments.1, 1e-6).squareRoot()
    }
    return minK(standardised, fraction: fraction)
  }
}
