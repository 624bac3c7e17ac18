import ArgumentParser
import Basics
import Datasets
import Evaluation
import LanguageModels
import Unlearning

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure the speed of one job (step, score, generate, mmlu), or of each fused kernel.",
    discussion: """
      Runs the job's own code on the first rows of the data, a round to warm up and then --repeat counted ones, and shows
      the median. Utilisation is the share of this machine's speed of matrix products ('unlearn doctor').

      Examples:
        unlearn bench step --model MODEL --data forget.jsonl --rows 128 --format json
        unlearn bench mmlu --model MODEL --mmlu MMLU --subjects abstract_algebra --rows 40
        unlearn bench kernels --model MODEL
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  enum Job: String, CaseIterable, ExpressibleByArgument {
    case step, score, generate, mmlu, kernels
  }

  @Argument(help: "step, score, generate, mmlu or kernels.") var job: Job
  @OptionGroup var model: ModelOptions
  @Option(help: ArgumentHelp("Rows: a file, or a folder.", valueName: "path")) var data: String?
  @Option(help: ArgumentHelp("Folder with MMLU's dev and test as its authors distribute them.", valueName: "dir"))
  var mmlu: String?
  @Option(help: "MMLU subjects, separated by commas; all by default.") var subjects: String?
  @Option(parsing: .unconditional, help: "Rows, or questions of each subject, at most.") var rows = 128
  @Option(parsing: .unconditional, help: "Rows of a step (of each set), or rows generated together.")
  var batchSize: Int?
  @Option(parsing: .unconditional, help: "Counted rounds.") var `repeat` = 5
  @Option(parsing: .unconditional, help: "Rounds before them that are not counted.") var warmUp = 1
  @Option(parsing: .unconditional, help: "Tokens to generate for each row.") var maxNewTokens = 64
  @Option(parsing: .unconditional, help: "Solved examples before an MMLU question, 0 to 5.") var shots = 5
  @Flag(help: "Do not share the head of MMLU prompts.") var noSharedPrefix = false
  @Flag(help: "Run each layer of a step again in its backward pass: less memory, a third more time.")
  var activationCheckpointing = false
  @Option(help: "text or json.") var format = Format.text
  @OptionGroup var common: CommonOptions

  func validate() throws {
    for (name, value, most) in [
      ("--rows", rows, 1_000_000), ("--batch-size", batchSize ?? 1, 100_000), ("--repeat", `repeat`, 1000),
      ("--max-new-tokens", maxNewTokens, 100_000),
    ] {
      guard (1...most).contains(value) else {
        throw ValidationError("\(name): expected a number from 1 to \(most), found \(value)")
      }
    }
    guard (0...100).contains(warmUp) else { throw ValidationError("--warm-up: expected 0 to 100, found \(warmUp)") }
    guard (0...5).contains(shots) else { throw ValidationError("--shots: expected 0 to 5, found \(shots)") }
    if job == .kernels { return }
    if job == .mmlu {
      guard mmlu != nil else { throw ValidationError("bench mmlu: expected --mmlu") }
    } else {
      guard data != nil else { throw ValidationError("bench \(job.rawValue): expected --data") }
    }
  }

  func run() throws {
    let progress = common.progress
    if job == .kernels { return try showKernels(progress) }
    var options = SpeedBenchmark.Options()
    options.batchSize = batchSize ?? (job == .generate ? GreedyGenerator.defaultBatchSize : 8)
    options.repeats = `repeat`
    options.warmUp = warmUp
    options.maximumNewTokens = maxNewTokens
    options.shots = shots
    options.sharesPrefix = !noSharedPrefix
    options.checkpointsActivations = activationCheckpointing
    let samples = try data.map { try Array(RowReader.read(DataSource.files(.forget, at: $0).paths).prefix(rows)) } ?? []
    let questions = try mmlu.map { try MMLUData(folder: $0) }
    let benchmark = SpeedBenchmark(try model.load(progress), options: options, progress: progress)
    let result: JSONObject
    switch job {
    case .step: result = try benchmark.steps(samples)
    case .score: result = try benchmark.scores(samples)
    case .generate: result = try benchmark.generations(samples)
    case .kernels: return
    case .mmlu:
      guard let questions else { throw ValidationError("bench mmlu: expected --mmlu") }
      let names = subjects?.split(separator: ",").map(String.init) ?? []
      result = try benchmark.mmlu(questions, subjects: names, questions: rows)
    }
    if format == .json {
      print(JSONValue.object(result).text())
      return
    }
    var table = TextTable(columns: [.init("figure", .left), .init("value")])
    for (key, value) in result.entries {
      table.add([
        key.replacing("_", with: " "),
        value.stringValue ?? value.intValue.map(String.init)
          ?? value.doubleValue.map { fixed($0, $0 < 100 ? 3 : 0) } ?? "–",
      ])
    }
    print(table.text, terminator: "")
  }

  /// Each fused kernel against its composition.
  private func showKernels(_ progress: any ProgressObserver) throws {
    let decoder = try model.load(progress).decoder
    let figures = try KernelBenchmark(decoder.architecture, dtype: decoder.dtype, repeats: `repeat`)
      .run(progress: progress)
    let ceiling = try MatrixCeiling.measure(decoder.dtype)
    if format == .json {
      let rows = figures.map { figure in
        JSONValue.object([
          "kernel": .string(figure.name), "fused_ms": .number(figure.fused), "composed_ms": .number(figure.composed),
          "gflops": figure.speed.map { .number($0) } ?? .null,
        ])
      }
      print(JSONValue.object(["job": "kernels", "ceiling_gflops": .number(ceiling), "kernels": .array(rows)]).text())
      return
    }
    var table = TextTable(columns: [
      .init("kernel, forward and backward", .left), .init("fused ms"), .init("composed ms"), .init("times faster"),
      .init("of ceiling"),
    ])
    for figure in figures {
      table.add([
        figure.name, fixed(figure.fused, 2), fixed(figure.composed, 2), fixed(figure.composed / figure.fused, 2),
        figure.speed.map { "\(fixed(100 * $0 / ceiling, 0)) %" } ?? "–",
      ])
    }
    print(table.text, terminator: "")
  }
}
