import ArgumentParser
import Basics
import Datasets
import Evaluation
import LanguageModels
import Unlearning

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The official evaluation of SemEval-2025 Task 4, or its scores from stored rows.",
    discussion: """
      Writes evaluation_results.jsonl, evaluation.json, forget_0.csv, retain_0.csv, mia.json and mmlu.json. The CSV files
      hold the rows' text, as the official ones do. An evaluation that was stopped goes on when it is started again.

      Examples:
        unlearn evaluate --model MODEL --data DIR --mia DIR --mmlu DIR --output evaluation
        unlearn evaluate --generations evaluation --mia-scores evaluation/mia.json --output scores
      """)

  @Option(help: ArgumentHelp("Hugging Face folder, or a .gguf file.", valueName: "dir")) var model: String?
  @Option(help: ArgumentHelp("LoRA adapter in PEFT's format.", valueName: "dir")) var adapter: String?
  @Option(help: ArgumentHelp("Folder with a forget and a retain set.", valueName: "dir")) var data: String?
  @Option(help: "Which sets of the folder: train or validation.") var split = DataSplit.train
  @Option(help: ArgumentHelp("Folder with member.jsonl and nonmember.jsonl.", valueName: "dir")) var mia: String?
  @Option(help: ArgumentHelp("Folder with MMLU's dev and test.", valueName: "dir")) var mmlu: String?
  @Option(help: "Suites: semeval.") var suite = "semeval"
  @Option(help: "Rows of each split, documents and questions to look at, at most.") var sample: Int?
  @Option(help: "Seed of the sample.") var seed = 0
  @Option(help: "Solved examples before an MMLU question, 0 to 5.") var shots = 5
  @Option(help: "Tokens to generate at most.") var maxNewTokens = 256
  @Option(help: "Rows generated together.") var batchSize = 16
  @Option(help: "float32 or bfloat16; bfloat16 by default where the machine has it in hardware.")
  var dtype: ComputeType?
  @Option(help: "cpu, cuda[:n] or mps.") var device = "cpu"
  @Option(help: "Threads; all cores by default.") var threads: Int?
  @Option(help: ArgumentHelp("Folder of stored rows to score again, without a model.", valueName: "dir"))
  var generations: String?
  @Option(help: ArgumentHelp("Stored losses, {\"member\": […], \"nonmember\": […]}.", valueName: "json"))
  var miaScores: String?
  @Option(help: ArgumentHelp("Stored accuracy, {\"average_acc\": …}.", valueName: "json")) var mmluMetrics: String?
  @Option(help: ArgumentHelp("Folder to write.", valueName: "dir")) var output: String
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try Device.check(device)
    guard suite == "semeval" else { throw ValidationError("--suite: expected semeval, found '\(suite)'") }
    guard (0...5).contains(shots) else { throw ValidationError("--shots: expected 0 to 5, found \(shots)") }
    for (name, value) in [
      ("--sample", sample), ("--max-new-tokens", maxNewTokens), ("--batch-size", batchSize), ("--threads", threads),
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
    } else {
      guard model != nil, data != nil else { throw ValidationError("expected --model and --data, or --generations") }
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
    guard let model, let data else { throw ValidationError("expected --model and --data") }
    Interruption.watch()
    var options = OfficialEvaluation.Options()
    options.maximumNewTokens = maxNewTokens
    options.batchSize = batchSize
    options.sample = sample
    options.seed = seed
    options.shots = shots
    options.keepsText = true
    options.requiresKinds = true
    let progress = common.progress
    let sets = try ForgetRetain.read(folder: data, split: split)
    let evaluation = try OfficialEvaluation(
      .init(forget: sets.forget, retain: sets.retain, membershipFolder: mia, mmluFolder: mmlu), options: options)
    let folder = try ModelFolder.resolve(model, progress: progress)
    let loaded = try ModelLoading.load(folder, adapter: adapter, dtype: dtype, threads: threads)
    let inputs = [folder, adapter, mia, mmlu].compactMap { $0 } + sets.forgetFiles.paths + sets.retainFiles.paths
    try EvaluationFolder.write(
      to: output, of: loaded, inputs: inputs, settings: "\(options) \(loaded.decoder.dtype)", progress: progress
    ) { context in
      try evaluation.run(context, encoder: SampleEncoder(loaded))
    }
  }
}

extension DataSplit: ExpressibleByArgument {}
