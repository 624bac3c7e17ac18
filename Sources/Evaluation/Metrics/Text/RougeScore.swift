/// Precision, recall and their harmonic mean for one pair of texts; all in 0…1, and 0 where a side has no tokens.
public struct RougeScore: Sendable, Equatable {
  public var precision: Double
  public var recall: Double
  public var f1: Double

  /// - Parameters:
  ///   - overlap: how many tokens count as common.
  ///   - targetCount: tokens of the reference text.
  ///   - predictionCount: tokens of the generated text.
  init(overlap: Int, targetCount: Int, predictionCount: Int) {
    precision = predictionCount > 0 ? Double(overlap) / Double(predictionCount) : 0
    recall = targetCount > 0 ? Double(overlap) / Double(targetCount) : 0
    f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
  }
}

/// ROUGE-1 and ROUGE-L as `rouge_score` 0.1.2 computes them (Lin, 2004).
public struct RougeScorer: Sendable {
  public struct Scores: Sendable, Equatable {
    /// Common single tokens, counted with their repetitions.
    public var rouge1: RougeScore
    /// The longest common subsequence.
    public var rougeL: RougeScore
  }

  public let tokenizer: RougeTokenizer

  /// - Parameter usesStemmer: as the official evaluation does.
  public init(usesStemmer: Bool = true) { tokenizer = RougeTokenizer(usesStemmer: usesStemmer) }

  public func scores(target: String, prediction: String) -> Scores {
    var numbers: [String: Int] = [:]
    func numbered(_ text: String) -> [Int] {
      tokenizer.tokens(text).map { token in
        if let number = numbers[token] { return number }
        let number = numbers.count
        numbers[token] = number
        return number
      }
    }
    let targetTokens = numbered(target)
    let predictionTokens = numbered(prediction)
    var unmatched = [Int](repeating: 0, count: numbers.count)
    for token in targetTokens { unmatched[token] += 1 }
    var common = 0
    for token in predictionTokens where unmatched[token] > 0 {
      unmatched[token] -= 1
      common += 1
    }
    let subsequence = LongestCommonSubsequence.length(targetTokens, predictionTokens)
    func score(_ overlap: Int) -> RougeScore {
      RougeScore(overlap: overlap, targetCount: targetTokens.count, predictionCount: predictionTokens.count)
    }
    return Scores(rouge1: score(common), rougeL: score(subsequence))
  }
}
