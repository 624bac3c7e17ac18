import Basics
import LanguageModels

/// What a MUSE evaluation depends on beside model and data.
public struct MUSEOptions: Sendable, Equatable {
  /// Examples before each question.
  public var shots: Int
  /// New tokens for an answer.
  public var answerTokens: Int
  /// New tokens for a passage, and tokens of the true passage that they are compared with.
  public var passageTokens: Int
  /// Share of the least likely tokens that the privacy score averages.
  public var fraction: Double
  /// Whether ROUGE stems words: no in MUSE's own script, yes in OpenUnlearning.
  public var usesStemmer: Bool
  /// Only the first so many questions, passages and documents of each set; nil takes all.
  public var rowLimit: Int?
  /// Tokens packed into one pass.
  public var tokensPerPass: Int
  /// Rows generated together.
  public var batchSize: Int

  public init(
    shots: Int = 10, answerTokens: Int = 32, passageTokens: Int = 128, fraction: Double = 0.4,
    usesStemmer: Bool = false, rowLimit: Int? = nil, tokensPerPass: Int = 2048,
    batchSize: Int = GreedyGenerator.defaultBatchSize
  ) {
    self.shots = shots
    self.answerTokens = answerTokens
    self.passageTokens = passageTokens
    self.fraction = fraction
    self.usesStemmer = usesStemmer
    self.rowLimit = rowLimit
    self.tokensPerPass = tokensPerPass
    self.batchSize = batchSize
  }

  var settings: JSONObject {
    JSONObject([
      ("shots", .integer(shots)), ("answer_tokens", .integer(answerTokens)),
      ("passage_tokens", .integer(passageTokens)), ("fraction", .number(fraction)), ("stemmer", .bool(usesStemmer)),
      ("row_limit", rowLimit.map(JSONValue.integer) ?? .null),
    ])
  }

  func check() throws {
    try MembershipOptions(fractions: [fraction]).check()
    let numbers = [
      ("shots", shots, 0), ("answer tokens", answerTokens, 1), ("passage tokens", passageTokens, 1),
      ("row limit", rowLimit ?? 1, 1),
    ]
    for (name, value, least) in numbers where value < least {
      throw Failure(.usage, at: Location(field: name), "expected \(least) or more, found \(value)")
    }
  }
}
