import ArgumentParser
import Basics
import LanguageModels

struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Greedy continuation of each row's input.",
    discussion: """
      Reads rows {id, input}, writes rows {id, generation, ids}; ids are the new tokens, the end token included.

      Example:
        unlearn generate --model MODEL --data rows.jsonl --max-new-tokens 64 --output generations.jsonl
      """)

  @OptionGroup var model: ModelOptions
  @Option(help: ArgumentHelp("Rows as JSON lines.", valueName: "jsonl")) var data: String
  @Option(parsing: .unconditional, help: "Tokens to generate at most.") var maxNewTokens = 256
  @Option(parsing: .unconditional, help: "Rows generated together.") var batchSize = GreedyGenerator.defaultBatchSize
  @Option(help: ArgumentHelp("File to write.", valueName: "jsonl")) var output: String
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard maxNewTokens > 0, maxNewTokens <= 1 << 20 else {
      throw ValidationError("--max-new-tokens: expected a number from 1 to \(1 << 20), found \(maxNewTokens)")
    }
    guard batchSize > 0, batchSize <= 4096 else {
      throw ValidationError("--batch-size: expected a number from 1 to 4096, found \(batchSize)")
    }
  }

  func run() throws {
    let progress = common.progress
    let records = try InputRows.read(data, fields: ["input"])
    let file = try AtomicFile(path: output, keeping: [data])
    let loaded = try model.load(progress)
    let encoder = SampleEncoder(loaded)
    let prompts = try records.map { record in
      let prompt = encoder.prompt(record.texts[0])
      try InputRows.requireFits(prompt.count, record, positions: loaded.architecture.maximumPositions)
      guard !prompt.isEmpty else {
        throw Failure(.badData, at: record.location.appending(field: "input"), "the input has no token to start from")
      }
      return prompt
    }
    progress.begin("generate", total: prompts.count, unit: "rows")
    let generated = try GreedyGenerator(
      loaded.decoder, endOfText: loaded.endOfTextIDs, maximumNewTokens: maxNewTokens, batchSize: batchSize
    ).generate(prompts, progress: progress)
    progress.finish()
    for (record, ids) in zip(records, generated) {
      let text = loaded.tokenizer.decode(ids, skipSpecialTokens: true, cleanUpTokenizationSpaces: true)
      let row = JSONObject([
        ("id", record.identifier), ("generation", .string(text)), ("ids", .array(ids.map(JSONValue.integer))),
      ])
      try file.write(JSONValue.object(row).text() + "\n")
    }
    try file.commit()
  }
}
