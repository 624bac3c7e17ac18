import ArgumentParser
import Basics
import Unlearning

struct Memorize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fine-tune a model until it knows rows by heart: the start of a benchmark.",
    discussion: """
      Rows have id, input, output and task, in JSON lines, a JSON array, CSV or Parquet. The output folder is a Hugging
      Face model folder, ready for --model.

      Example:
        unlearn memorize --model MODEL --data forget.jsonl --data retain.jsonl --output runs/memorized
      """)

  @Option(help: ArgumentHelp("Hugging Face folder, or a .gguf file.", valueName: "dir"))
  var model: String?
  @Option(help: ArgumentHelp("Rows: a file, or a folder; repeatable.", valueName: "path"))
  var data: [String] = []
  @OptionGroup var training: TrainingOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let progress = common.progress
    Interruption.watch()
    if let folder = training.resume {
      let session = try RunSession(resuming: folder, progress: progress) { Interruption.isRequested }
      return try RunReporting.finish(session.run())
    }
    guard let model, !data.isEmpty, let output = training.output else {
      throw ValidationError("expected --model, --data and --output (or --resume)")
    }
    let configuration = try training.configuration(over: .memorize)
    let folder = try ModelFolder.resolve(model, progress: progress)
    let session = try RunSession(
      RunInputs(model: folder, forget: nil, retain: data), configuration: configuration, output: output,
      command: CommandLine.arguments, progress: progress
    ) { Interruption.isRequested }
    try RunReporting.finish(session.run())
  }
}
