import Basics

/// The area under the ROC curve: how likely a positive example scores above a negative one, a tie counting ½.
public enum AreaUnderCurve {
  /// - Parameters:
  ///   - positive: scores of the examples labelled 1, in any order; infinities are allowed.
  ///   - negative: scores of the examples labelled 0.
  /// - Throws: ``Failure`` when a side is empty or a score is not a number.
  public static func of(positive: [Double], negative: [Double]) throws -> Double {
    for (name, scores) in [("positive", positive), ("negative", negative)] {
      guard !scores.isEmpty else {
        throw Failure.mismatch(at: Location(field: name), expected: "at least one score", found: "none")
      }
      if let index = scores.firstIndex(where: \.isNaN) {
        throw Failure.mismatch(at: Location(field: "\(name)[\(index)]"), expected: "a number", found: "NaN")
      }
    }
    let ranked = (positive.map { ($0, true) } + negative.map { ($0, false) }).sorted { $0.0 < $1.0 }
    // Twice the number of pairs won, so that a tie is a whole number and the count exact.
    var doubledWins = 0
    var negativesBelow = 0
    var start = 0
    while start < ranked.count {
      var end = start
      var tiedPositives = 0
      while end < ranked.count, ranked[end].0 == ranked[start].0 {
        if ranked[end].1 { tiedPositives += 1 }
        end += 1
      }
      let tiedNegatives = end - start - tiedPositives
      doubledWins += tiedPositives * (2 * negativesBelow + tiedNegatives)
      negativesBelow += tiedNegatives
      start = end
    }
    return Double(doubledWins) / 2 / (Double(positive.count) * Double(negative.count))
  }
}
