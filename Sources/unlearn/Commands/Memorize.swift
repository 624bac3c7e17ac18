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
    let process = try TrainingProcess(common)
    let progress = process.progress
    if let folder = try training.resumedFolder(over: .memorize) {
      return try process.finish(
        training.session(resuming: folder, over: .memorize, in: process) { try paths($0, progress) })
    }
    guard let model, !data.isEmpty else {
      throw TrainingOptions.missing([("--model", model), ("--data", data.first)], command: "memorize")
    }
    let configuration = try training.configuration(over: .memorize)
    guard let output = training.output ?? configuration.output else {
      throw TrainingOptions.missing([("--output", nil)], command: "memorize")
    }
    guard configuration.method.usesRetain else {
      throw Failure(
        .usage, at: .commandLine("method"),
        "\(configuration.method.rawValue) takes no rows to keep, so that there is nothing to memorise",
        hint: "leave --method out")
    }
    try Folder.requireInputs(data)
    if process.membership.leads { try RunSession.requireFree(output) }
    let folder = try ModelFolder.resolve(model, progress: progress)
    let session = try RunSession(
      RunInputs(model: folder, forget: nil, retain: data), configuration: configuration, output: output,
      command: CommandLine.arguments, membership: process.membership, progress: progress,
      isInterrupted: process.isInterrupted)
    try process.finish(session)
  }

  private func paths(
    _ begun: RunInputs, _ progress: any ProgressObserver
  ) throws -> [TrainingOptions.GivenPath] {
    let model = try model.map { try ModelFolder.resolve($0, progress: progress) }
    let rows = data.indices.map { index in
      TrainingOptions.GivenPath(
        option: "data", now: data[index], was: begun.retain.indices.contains(index) ? begun.retain[index] : nil)
    }
    return [.init(option: "model", now: model, was: begun.model)] + rows
  }
}
