/// The share of label tokens that the model's most likely token gets right.
public enum ExactMemorization {
  /// - Parameters:
  ///   - predictions: the most likely token at each label position.
  ///   - labels: the label tokens; what is longer than the other list is left out.
  /// - Returns: 0…1, or nil where there are no labels.
  public static func score(predictions: [Int], labels: [Int]) -> Double? {
    let pairs = zip(predictions, labels)
    let count = min(predictions.count, labels.count)
    guard count > 0 else { return nil }
    return Double(pairs.count { $0 == $1 }) / Double(count)
  }
}
