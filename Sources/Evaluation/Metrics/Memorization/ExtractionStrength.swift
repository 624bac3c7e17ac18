/// How short a prefix of the labels lets the model produce the rest (Carlini et al., 2021).
public enum ExtractionStrength {
  /// 1 − k/n with the smallest k from which on every most likely token is the label.
  ///
  /// The published implementation stops at k = n − 1 whether or not the last token is right, so a row that never
  /// matches scores 1/n and not 0; this does the same.
  /// - Returns: 1/n…1, or nil where there are no labels.
  public static func score(predictions: [Int], labels: [Int]) -> Double? {
    let count = min(predictions.count, labels.count)
    guard count > 0 else { return nil }
    var start = count
    while start > 0, predictions[start - 1] == labels[start - 1] { start -= 1 }
    return 1 - Double(min(start, count - 1)) / Double(count)
  }
}
