import ArgumentParser
import Basics
import Datasets
import Evaluation
import LanguageModels
import Unlearning

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The official evaluation of SemEval-2025 Task 4, other benchmarks, or scores from stored rows.",
    discussion: """
      Suite semeval writes evaluation_results.jsonl, evaluation.json, forget_0.csv, retain_0.csv, mia.json and mmlu.json.
      The CSV files hold the rows' text, as the official ones do. An evaluation that was stopped goes on when it is
      started again; of the other suites those that are done are not run again. Suites tofu, muse and membership write
      one JSON file each, with ids and numbers alone; with several suites --data holds a folder for each, under its name.

      Examples:
        unlearn evaluate --model MODEL --data DIR --mia DIR --mmlu DIR --output evaluation
        unlearn evaluate --model MODEL --suite tofu --data TOFU --reference retrained --output evaluation-tofu
        unlearn evaluate --generations evaluation --mia-scores evaluation/mia.json --output scores
      """)

  @Option(help: ArgumentHelp("Hugging Face folder, or a .gguf file.", valueName: "dir")) var model: String?
  @Option(help: ArgumentHelp("LoRA adapter in PEFT's format.", valueName: "dir")) var adapter: String?
  @Option(help: ArgumentHelp("Folder with a forget and a retain set.", valueName: "dir")) var data: String?
  @Option(help: "Which sets of the folder: train (default) or validation.") var split: DataSplit?
  @Option(help: ArgumentHelp("Folder with member.jsonl and nonmember.jsonl.", valueName: "dir")) var mia: String?
  @Option(help: ArgumentHelp("Folder with MMLU's dev and test as its authors distribute them.", valueName: "dir"))
  var mmlu: String?
  @Option(help: "Suites, separated by commas: semeval, tofu, muse, membership.") var suite = "semeval"
  @Option(help: "TOFU's forget set: forget01, forget05 or forget10 (default).") var forgetSplit: String?
  @Option(
    help: ArgumentHelp(
      "TOFU's prompt, with {input} for the question; \(TOFUOptions.questionTemplate) by default.", valueName: "text"))
  var promptTemplate: String?
  @Option(help: ArgumentHelp("Evaluation folder of a model that never saw the forget set.", valueName: "dir"))
  var reference: String?
  @Option(
    parsing: .unconditional,
    help: "About so many rows of each split, documents of each side and questions; at least one of each task and kind.")
  var sample: Int?
  @Option(
    parsing: .unconditional,
    help: "MMLU questions to look at, at least one of each subject; those of --sample by default.") var mmluSample: Int?
  @Option(parsing: .unconditional, help: "Seed of the sample.") var seed = 0
  @Option(parsing: .unconditional, help: "Solved examples before an MMLU question, 0 to 5; 5 by default.")
  var shots: Int?
  @Option(parsing: .unconditional, help: "Tokens to generate for a row at most: 256 by default, 200 in suite tofu.")
  var maxNewTokens: Int?
  @Option(parsing: .unconditional, help: "Rows generated together.") var batchSize = GreedyGenerator.defaultBatchSize
  @Option(help: "float32 or bfloat16; bfloat16 by default where the machine has it in hardware.")
  var dtype: ComputeType?
  @Option(help: "Where to compute; cpu alone in this version.") var device = "cpu"
  @Option(parsing: .unconditional, help: "Threads; all cores by default.") var threads: Int?
  @Option(help: ArgumentHelp("Folder of stored rows to score again, without a model.", valueName: "dir"))
  var generations: String?
  @Option(help: ArgumentHelp("Stored losses, {\"member\": […], \"nonmember\": […]}.", valueName: "json"))
  var miaScores: String?
  @Option(help: ArgumentHelp("Stored accuracy, {\"average_acc\": …}.", valueName: "json")) var mmluMetrics: String?
  @Option(help: ArgumentHelp("Folder to write.", valueName: "dir")) var output: String
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try Device.check(device)
    try Threads.check(threads)
    _ = try suites()
    if let shots, !(0...5).contains(shots) { throw ValidationError("--shots: expected 0 to 5, found \(shots)") }
    for (name, value) in [
      ("--sample", sample), ("--mmlu-sample", mmluSample), ("--max-new-tokens", maxNewTokens),
      ("--batch-size", batchSize),
    ] {
      if let value, !(1...1_000_000).contains(value) {
        throw ValidationError("\(name): expected a number from 1 to 1000000, found \(value)")
      }
    }
    if generations != nil {
      guard model == nil, data == nil, adapter == nil, mia == nil, mmlu == nil else {
        throw ValidationError(
          "--generations scores stored rows: it takes no --model, --adapter, --data, --mia or --mmlu")
      }
      guard suite == "semeval", reference == nil, sample == nil, mmluSample == nil else {
        throw ValidationError(
          "--generations scores all rows that are stored: it takes no --suite, --reference, --sample or --mmlu-sample")
      }
      if let option = optionsOfSuites.first(where: { $0.isGiven })?.name {
        throw ValidationError("--generations scores what is stored: it takes no \(option)")
      }
    } else {
      guard model != nil else { throw ValidationError("expected --model, or --generations") }
      let suites = try suites()
      for option in optionsOfSuites where option.isGiven && !suites.contains(where: option.suites.contains) {
        let names = option.suites.map(\.rawValue).joined(separator: " and ")
        throw ValidationError("\(option.name) goes with suite \(names)")
      }
      if suites.contains(where: { $0 != .membership }), data == nil { throw ValidationError("expected --data") }
      if suites.contains(.membership), mia == nil {
        throw ValidationError("--suite membership: expected --mia, the folder of its documents")
      }
      guard miaScores == nil, mmluMetrics == nil else {
        throw ValidationError("--mia-scores and --mmlu-metrics go with --generations")
      }
    }
  }

  func run() throws {
    if let generations {
      try StoredEvaluation.score(
        generations, miaScores: miaScores, mmluMetrics: mmluMetrics, output: output, progress: common.progress)
      return
    }
    guard let model else { throw ValidationError("expected --model") }
    let suites = try suites()
    let names = suites.map(\.rawValue).joined(separator: ",")
    try EvaluationFolder.requireFree(output, for: names)
    try Folder.requireInputs([adapter, data, mia, mmlu, reference])
    let progress = common.progress
    let folder = try ModelFolder.resolve(model, progress: progress)
    // All data is read and checked before the model is loaded, that of a later suite too.
    let jobs = try suites.map { try job($0, progress) }
    let loaded = try ModelLoading.load(folder, adapter: adapter, dtype: dtype, threads: threads, progress: progress)
    let results = try EvaluationFolder(
      output, suites: names, inputs: [folder] + [adapter].compactMap { $0 } + jobs.flatMap(\.inputs),
      settings: jobs.map(\.settings).joined(separator: "\n") + " \(loaded.decoder.dtype)", progress: progress)
    for job in jobs { try job.run(loaded, results) }
    results.finish()
  }
}

extension DataSplit: ExpressibleByArgument {}
