import ArgumentParser
import Basics
import LanguageModels

struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Mean negative log-likelihood of each row's output.",
    discussion: """
      Reads rows {id, input, output}, writes rows {id, tokens, nll}.

      Example:
        unlearn score --model MODEL --data rows.jsonl --output scores.jsonl
      """)

  @OptionGroup var model: ModelOptions
  @Option(help: ArgumentHelp("Rows as JSON lines.", valueName: "jsonl")) var data: String
  @Option(help: ArgumentHelp("File to write.", valueName: "jsonl")) var output: String
  @OptionGroup var common: CommonOptions

  func run() throws {
    let progress = common.progress
    let records = try InputRows.read(data, fields: ["input", "output"])
    let file = try AtomicFile(path: output, keeping: [data])
    let loaded = try model.load(progress)
    let encoder = SampleEncoder(loaded)
    let samples = try records.map { record in
      let sample = encoder.encode(id: record.id, input: record.texts[0], output: record.texts[1])
      try InputRows.requireFits(sample.inputIDs.count, record, positions: loaded.architecture.maximumPositions)
      return sample
    }
    progress.begin("score", total: samples.count, unit: "rows")
    let scores = try RowScorer(loaded.decoder).score(samples, progress: progress)
    progress.finish()
    for (record, score) in zip(records, scores) {
      let row = JSONObject([
        ("id", record.identifier), ("tokens", .integer(score.tokens)),
        ("nll", score.nll.map(JSONValue.number) ?? .null),
      ])
      try file.write(JSONValue.object(row).text() + "\n")
    }
    try file.commit()
  }
}
