/// A row as a model sees it. `labels` has −100 where no loss is taken, the token's own id elsewhere; position t's label
/// is predicted from the tokens before t (method: ids = tokenize(input + output), −100 on the first
/// len(tokenize(input)) positions).
public struct Sample: Sendable, Hashable {
  /// The label of positions that carry no loss, as in transformers.
  public static let ignoredLabel = -100

  public let id: String
  /// `input_ids`.
  public let inputIDs: [Int]
  /// `labels`, as long as ``inputIDs``.
  public private(set) var labels: [Int]
  /// Tokens cut off at the right by the maximum length.
  public let truncatedTokens: Int
  /// What the row is of (task and kind): batches of two sets can be matched by it.
  public let stratum: String
  /// Whether the row is a document, without a prompt apart: every token that can carry a label did when it was encoded.
  public let isWholeText: Bool

  public init(id: String, inputIDs: [Int], labels: [Int], truncatedTokens: Int = 0, stratum: String = "") {
    self.id = id
    self.stratum = stratum
    self.inputIDs = inputIDs
    self.labels = labels
    self.truncatedTokens = truncatedTokens
    let carried = labels.dropFirst().count { $0 != Self.ignoredLabel }
    isWholeText = carried > 0 && carried == inputIDs.count - 1
  }

  /// The same row with other labels, as many as it has tokens. A document remains one.
  public func labelled(_ labels: [Int]) -> Sample {
    var sample = self
    sample.labels = labels
    return sample
  }

  /// `attention_mask`: all ones, since rows are packed and never padded.
  public var attentionMask: [Int] { Array(repeating: 1, count: inputIDs.count) }

  /// Labels that a loss is taken on: the first token of a row is predicted from nothing and never counts.
  public var labelCount: Int { labels.dropFirst().reduce(0) { $0 + ($1 == Self.ignoredLabel ? 0 : 1) } }
}
