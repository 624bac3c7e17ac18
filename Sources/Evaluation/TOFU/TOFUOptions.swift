import Basics
import LanguageModels

/// What a TOFU evaluation depends on beside model and data.
public struct TOFUOptions: Sendable, Equatable {
  public static let forgetSplits = ["forget01", "forget05", "forget10"]
  /// `Question: …⏎Answer: `, as OpenUnlearning asks models that have no chat template.
  public static let questionTemplate = "Question: {input}\nAnswer: "

  /// `forget01`, `forget05` or `forget10`.
  public var forgetSplit: String
  /// The prompt, with `{input}` where the question goes. Use what the model was trained with.
  public var promptTemplate: String
  /// Text between prompt and answer.
  public var separator: String
  public var maximumNewTokens: Int
  /// What TOFU generates for an answer.
  public static let defaultNewTokens = 200
  /// Only the first so many rows of each set; nil takes all.
  public var rowLimit: Int?
  /// Tokens packed into one pass.
  public var tokensPerPass: Int
  /// Rows generated together.
  public var batchSize: Int

  public init(
    forgetSplit: String = "forget10", promptTemplate: String = TOFUOptions.questionTemplate, separator: String = "",
    maximumNewTokens: Int = TOFUOptions.defaultNewTokens, rowLimit: Int? = nil, tokensPerPass: Int = 2048,
    batchSize: Int = GreedyGenerator.defaultBatchSize
  ) {
    self.forgetSplit = forgetSplit
    self.promptTemplate = promptTemplate
    self.separator = separator
    self.maximumNewTokens = maximumNewTokens
    self.rowLimit = rowLimit
    self.tokensPerPass = tokensPerPass
    self.batchSize = batchSize
  }

  /// The set that the reference model is trained on: `retain90` for `forget10`.
  public var retainSplit: String {
    guard let share = Int(forgetSplit.suffix(2)) else { return "retain" }
    return "retain\(100 - share)"
  }

  var settings: JSONObject {
    JSONObject([
      ("forget_split", .string(forgetSplit)), ("retain_split", .string(retainSplit)),
      ("prompt_template", .string(promptTemplate)), ("separator", .string(separator)),
      ("max_new_tokens", .integer(maximumNewTokens)), ("row_limit", rowLimit.map(JSONValue.integer) ?? .null),
    ])
  }

  func check() throws {
    guard promptTemplate.contains("{input}") else {
      throw Failure(
        .usage, at: Location(field: "prompt template"), "expected {input} where the question goes, found none",
        hint: "the default is \"Question: {input}\\nAnswer: \"")
    }
    for (name, value) in [("row limit", rowLimit ?? 1), ("max new tokens", maximumNewTokens)] where value < 1 {
      throw Failure(.usage, at: Location(field: name), "expected a positive number, found \(value)")
    }
  }

  /// Labels on the answer and the end-of-text token.
  func encoder(_ model: LanguageModel) -> SampleEncoder {
    SampleEncoder(model, separator: separator, promptTemplate: promptTemplate, appendsEndOfText: true)
  }
}
