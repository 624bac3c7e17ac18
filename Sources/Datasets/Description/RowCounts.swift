import Basics

/// What a set holds, or one task of it.
public struct RowCounts: Sendable, Equatable {
  public var rows = 0
  /// Rows whose id says sentence completion (`sc`).
  public var sentenceCompletions = 0
  /// Rows whose id says question and answer (`qa`).
  public var questionAnswers = 0
  /// Different ``Row/documentID``s.
  public var documents = 0
  /// Unicode scalars of input and output.
  public var characters = 0
  /// Lengths of input and output together, in tokens; nil without a tokenizer.
  public var tokens: LengthSummary?

  init(_ rows: [Row], tokenLengths: [Int]?) {
    self.rows = rows.count
    for row in rows {
      switch row.kind {
      case .sentenceCompletion: sentenceCompletions += 1
      case .questionAnswer: questionAnswers += 1
      case nil: break
      }
      characters += row.input.unicodeScalars.count + row.output.unicodeScalars.count
    }
    documents = Set(rows.map { ExactText($0.documentID) }).count
    tokens = tokenLengths.flatMap(LengthSummary.init)
  }

  public var jsonValue: JSONValue {
    var object = JSONObject([
      ("rows", .integer(rows)), ("sentence_completions", .integer(sentenceCompletions)),
      ("question_answers", .integer(questionAnswers)), ("documents", .integer(documents)),
      ("characters", .integer(characters)),
    ])
    if let tokens { object["tokens"] = tokens.jsonValue }
    return .object(object)
  }
}

/// The lengths of a set's rows in tokens.
public struct LengthSummary: Sendable, Equatable {
  public var total: Int
  public var mean: Double
  /// Percentiles by nearest rank: the smallest length that at least that share of the rows does not exceed.
  public var median: Int
  public var percentile90: Int
  public var maximum: Int

  /// Nil for no lengths.
  public init?(_ lengths: [Int]) {
    guard let maximum = lengths.max() else { return nil }
    let sorted = lengths.sorted()
    func percentile(_ percent: Int) -> Int { sorted[max(0, (sorted.count * percent + 99) / 100 - 1)] }
    total = sorted.reduce(0, +)
    mean = Double(total) / Double(sorted.count)
    median = percentile(50)
    percentile90 = percentile(90)
    self.maximum = maximum
  }

  public var jsonValue: JSONValue {
    .object(
      JSONObject([
        ("total", .integer(total)), ("mean", .number(mean)), ("p50", .integer(median)),
        ("p90", .integer(percentile90)), ("max", .integer(maximum)),
      ]))
  }
}
