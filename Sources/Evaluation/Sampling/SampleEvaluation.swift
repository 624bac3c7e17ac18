import Basics
import Datasets
import LanguageModels

/// How well a model knows a sample of the forget and retain rows: mean NLL of the outputs, ROUGE-L recall of sentence
/// completions and exact match of answers, as the official evaluation scores them (SemEval-2025 Task 4).
public struct SampleEvaluation: Sendable {
  public struct RowResult: Sendable {
    public let id: String
    public let task: String?
    public let nll: Double?
    /// ROUGE-L recall; for rows that are no question.
    public let rougeL: Double?
    /// 1 or 0; for questions.
    public let exactMatch: Double?
    public let generation: String
  }

  public let rows: [RowResult]
  /// Rows of the whole set, of which ``rows`` is a sample.
  public let setCount: Int

  public var nll: MetricValue { MetricValue(name: "NLL", direction: .lowerIsBetter, meanOf: rows.map(\.nll)) }
  public var rougeL: MetricValue {
    MetricValue(name: "ROUGE-L recall", direction: .higherIsBetter, meanOf: rows.map(\.rougeL))
  }
  public var exactMatch: MetricValue {
    MetricValue(name: "exact match", direction: .higherIsBetter, meanOf: rows.map(\.exactMatch))
  }

  /// Evaluates up to `count` rows, chosen by the seed.
  public static func run(
    _ model: LanguageModel, rows: [Row], encoder: SampleEncoder, count: Int, maximumNewTokens: Int, seed: Int,
    name: String, progress: any ProgressObserver
  ) throws -> SampleEvaluation {
    var random = RandomStream(seed: UInt64(bitPattern: Int64(seed)), purpose: "evaluation sample")
    let order = random.shuffled(Array(rows.indices)).prefix(count).sorted()
    let chosen = order.map { rows[$0] }
    var scoring = encoder
    scoring.appendsEndOfText = false
    scoring.labelScope = .output
    progress.begin("evaluate \(name): loss", total: chosen.count, unit: "rows")
    let scores = try RowScorer(model.decoder).score(
      chosen.map { scoring.encode(id: $0.id, input: $0.input, output: $0.output) }, progress: progress)
    progress.finish()
    progress.begin("evaluate \(name): generation", total: chosen.count, unit: "rows")
    let prompts = chosen.map { encoder.prompt($0.input) }
    let usable = prompts.indices.filter { !prompts[$0].isEmpty }
    let generated = try GreedyGenerator(
      model.decoder, endOfText: model.endOfTextIDs, maximumNewTokens: maximumNewTokens
    ).generate(usable.map { prompts[$0] }, progress: progress)
    progress.finish()
    var texts = [String](repeating: "", count: chosen.count)
    for (index, ids) in zip(usable, generated) {
      texts[index] = model.tokenizer.decode(ids, skipSpecialTokens: true, cleanUpTokenizationSpaces: true)
    }
    let rouge = RougeScorer(usesStemmer: true)
    let results = chosen.indices.map { index in
      let row = chosen[index]
      let isQuestion = row.kind == .questionAnswer
      return RowResult(
        id: row.id, task: row.task, nll: scores[index].nll,
        rougeL: isQuestion ? nil : rouge.scores(target: row.output, prediction: texts[index]).rougeL.recall,
        exactMatch: isQuestion ? ExactMatch.score(target: row.output, prediction: texts[index]) : nil,
        generation: texts[index])
    }
    return SampleEvaluation(rows: results, setCount: rows.count)
  }

  /// One object a row; the generated text only when `revealing`.
  public func jsonLines(revealing: Bool) -> [JSONObject] {
    rows.map { row in
      var object = JSONObject([("id", .string(row.id))])
      object["task"] = row.task.map(JSONValue.string) ?? .null
      object["nll"] = row.nll.map(JSONValue.number) ?? .null
      if let score = row.rougeL { object["rouge_l_recall"] = .number(score) }
      if let score = row.exactMatch { object["exact_match"] = .number(score) }
      if revealing { object["generation"] = .string(row.generation) }
      return object
    }
  }

  public var summary: JSONObject {
    JSONObject([
      ("rows", .integer(rows.count)), ("set_rows", .integer(setCount)), ("sample", .bool(rows.count < setCount)),
      ("nll", .number(nll.aggregate)), ("rouge_l_recall", .number(rougeL.aggregate)),
      ("exact_match", .number(exactMatch.aggregate)),
    ])
  }
}
