import ArgumentParser
import Basics
import Foundation
import Unlearning

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Unlearn: make a model forget one set and keep another.",
    discussion: """
      Evaluates before and after, writes adapter, events and evaluation into the run folder. Rows have id, input, output
      and task, in JSON lines, a JSON array, CSV or Parquet.

      Examples:
        unlearn run --model MODEL --forget forget.jsonl --retain retain.jsonl --output runs/first
        unlearn run --resume runs/first
      """)

  @Option(
    help: ArgumentHelp("Hugging Face folder, or a .gguf file.", valueName: "dir"))
  var model: String?
  @Option(
    help: ArgumentHelp("Rows to forget: a file, or a folder.", valueName: "path"))
  var forget: String?
  @Option(
    help: ArgumentHelp("Rows to keep: a file, or a folder.", valueName: "path"))
  var retain: String?
  @Option(
    help: ArgumentHelp(
      "Documents like those to forget that the model has never seen, {document} a line: forget as far as to their loss.",
      valueName: "jsonl"))
  var unseen: String?
  @Option(help: ArgumentHelp("Folder with member.jsonl and nonmember.jsonl, for the evaluation.", valueName: "dir"))
  var mia: String?
  @Option(
    help: ArgumentHelp(
      "Folder with MMLU's dev and test as its authors distribute them, for the evaluation.", valueName: "dir"))
  var mmlu: String?
  @Option(
    help: ArgumentHelp("Evaluation folder of a model that never saw the forget set, to compare with.", valueName: "dir")
  )
  var reference: String?
  @OptionGroup var training: TrainingOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let process = try TrainingProcess(common)
    let progress = process.progress
    if let folder = try training.resumedFolder(over: RunConfiguration()) {
      return try process.finish(
        training.session(resuming: folder, over: RunConfiguration(), in: process) { try paths($0, progress) })
    }
    guard let model, let forget, let retain else {
      throw TrainingOptions.missing([("--model", model), ("--forget", forget), ("--retain", retain)], command: "run")
    }
    let configuration = try training.configuration(over: RunConfiguration())
    guard configuration.method.usesForget else {
      throw Failure(
        .usage, at: .commandLine("method"), "\(configuration.method.rawValue) forgets nothing",
        hint: "'unlearn memorize' trains on rows; 'unlearn methods' lists what forgets")
    }
    let output = training.output ?? configuration.output ?? newFolder(configuration.method)
    // Before a .gguf file is converted.
    try Folder.requireInputs([forget, retain, unseen, mia, mmlu, reference])
    if process.membership.leads { try RunSession.requireFree(output) }
    let folder = try ModelFolder.resolve(model, progress: progress)
    let session = try RunSession(
      RunInputs(
        model: folder, forget: forget, retain: [retain], unseen: unseen, membership: mia, mmlu: mmlu,
        reference: reference),
      configuration: configuration, output: output, command: CommandLine.arguments, membership: process.membership,
      progress: progress, isInterrupted: process.isInterrupted)
    try process.finish(session)
  }

  private func paths(
    _ begun: RunInputs, _ progress: any ProgressObserver
  ) throws -> [TrainingOptions.GivenPath] {
    [
      .init(option: "model", now: try model.map { try ModelFolder.resolve($0, progress: progress) }, was: begun.model),
      .init(option: "forget", now: forget, was: begun.forget),
      .init(option: "retain", now: retain, was: begun.retain.first),
      .init(option: "unseen", now: unseen, was: begun.unseen),
      .init(option: "mia", now: mia, was: begun.membership),
      .init(option: "mmlu", now: mmlu, was: begun.mmlu),
      .init(option: "reference", now: reference, was: begun.reference),
    ]
  }

  /// `runs/METHOD-N` with the first N that is free.
  private func newFolder(_ method: MethodName) -> String {
    var number = 1
    while FileManager.default.fileExists(atPath: "runs/\(method.rawValue)-\(number)") { number += 1 }
    return "runs/\(method.rawValue)-\(number)"
  }
}
