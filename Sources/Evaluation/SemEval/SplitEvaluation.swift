import Basics
import Datasets
import LanguageModels

/// A row with what a model made of it and how that is scored.
public struct EvaluatedRow: Sendable, Equatable {
  public var id: String
  public var task: String
  /// Mean loss of the output's tokens, in nats; nil without label tokens.
  public var nll: Double?
  public var scores: RowScores
  /// The decoded new tokens; nil where text is not kept.
  public var generation: String?
}

/// One split under the official protocol: greedy continuation of each input, and the mean loss of each output.
struct SplitEvaluation {
  let context: EvaluationContext
  let encoder: SampleEncoder
  let options: OfficialEvaluation.Options

  /// One result a row, in their order. Rows that an earlier, interrupted evaluation has finished are not run again.
  func run(_ rows: [Row], name: String) throws -> [EvaluatedRow] {
    let losses = try losses(rows, name)
    let journal = try context.journal("\(name)-generations")
    var results = [EvaluatedRow?](repeating: nil, count: rows.count)
    for entry in journal.entries {
      guard let index = entry["row"]?.intValue, rows.indices.contains(index) else { continue }
      results[index] = restored(entry, rows[index], losses[index])
    }
    let prompts = rows.map { encoder.prompt($0.input) }
    let missing = rows.indices.filter { results[$0] == nil }
    let generator = GreedyGenerator(
      context.model.decoder, endOfText: context.model.endOfTextIDs, maximumNewTokens: options.maximumNewTokens,
      batchSize: options.batchSize)
    func finish(_ index: Int, _ ids: [Int]) throws {
      let text = context.model.tokenizer.decode(ids, skipSpecialTokens: true, cleanUpTokenizationSpaces: true)
      let row = result(rows[index], losses[index], text)
      results[index] = row
      try journal.append(entry(index, row))
    }
    context.progress.begin("\(name): generation", total: missing.count, unit: "rows")
    // A prompt without a token has nothing to go on from: its continuation is empty.
    for index in missing where prompts[index].isEmpty { try finish(index, []) }
    let runnable = missing.filter { !prompts[$0].isEmpty }
    _ = try generator.generate(runnable.map { prompts[$0] }, progress: context.progress) { position, ids in
      try finish(runnable[position], ids)
      try context.checkInterruption()
    }
    context.progress.finish()
    return results.compactMap { $0 }
  }

  private func losses(_ rows: [Row], _ name: String) throws -> [Double?] {
    let journal = try context.journal("\(name)-losses")
    if let values = journal.entries.first?["nll"]?.arrayValue, values.count == rows.count {
      return values.map(\.doubleValue)
    }
    context.progress.begin("\(name): loss", total: rows.count, unit: "rows")
    let scores = try RowScorer(context.model.decoder).score(
      rows.map { encoder.encode(id: $0.id, input: $0.input, output: $0.output) }, progress: context.progress)
    context.progress.finish()
    let losses = scores.map { $0.nll.flatMap { $0.isFinite ? $0 : nil } }
    try journal.append(["nll": .array(losses.map { $0.map(JSONValue.number) ?? .null })])
    try context.checkInterruption()
    return losses
  }

  private func result(_ row: Row, _ nll: Double?, _ text: String) -> EvaluatedRow {
    EvaluatedRow(
      id: row.id, task: row.task ?? "all", nll: nll,
      scores: RowScores(kind: row.kind ?? .sentenceCompletion, expected: row.output, generated: text),
      generation: options.keepsText ? text : nil)
  }

  /// Scores only, unless text may be kept.
  private func entry(_ index: Int, _ row: EvaluatedRow) -> JSONObject {
    var entry = JSONObject([("row", .integer(index))])
    entry["rouge_1"] = row.scores.regurgitationRouge1.map(JSONValue.number)
    entry["rouge_l"] = row.scores.regurgitation.map(JSONValue.number)
    entry["exact_match"] = row.scores.knowledge.map(JSONValue.number)
    entry["generation"] = row.generation.map(JSONValue.string)
    return entry
  }

  private func restored(_ entry: JSONObject, _ row: Row, _ nll: Double?) -> EvaluatedRow? {
    if options.keepsText {
      guard let text = entry["generation"]?.stringValue else { return nil }
      return result(row, nll, text)
    }
    let scores = RowScores(
      regurgitationRouge1: entry["rouge_1"]?.doubleValue, regurgitation: entry["rouge_l"]?.doubleValue,
      knowledge: entry["exact_match"]?.doubleValue)
    return EvaluatedRow(id: row.id, task: row.task ?? "all", nll: nll, scores: scores, generation: nil)
  }
}
