import ArgumentParser
import Basics
import Foundation
import Unlearning

/// The options that `run` and `memorize` share; each is a key of the YAML configuration too.
struct TrainingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Configuration; options on the command line win over it.", valueName: "yaml"))
  var config: String?
  @Option(
    help: ArgumentHelp(
      "What is optimised; 'unlearn methods' lists them. Default of run: \(RunConfiguration().method.rawValue).",
      valueName: "name"))
  var method: String?
  @Option(help: ArgumentHelp("The forget objective; the method's own by default.", valueName: "name"))
  var objective: String?
  @Option(help: ArgumentHelp("How both gradients become one; the method's own by default.", valueName: "name"))
  var combiner: String?
  @Option(parsing: .unconditional, help: "A number, or auto.") var learningRate: String?
  @Option(help: "How an automatic learning rate is found: gen, eq11, fixed.") var autoLr: String?
  @Option(parsing: .unconditional, help: "Number of steps; overrides --epochs.") var steps: String?
  @Option(
    parsing: .unconditional,
    help: "Passes over the forget set (eight, more for a small one, one of sugd), or over all rows to memorise.")
  var epochs: String?
  @Option(parsing: .unconditional, help: "Time after which to stop with the adapter written, such as 1h or 30m.")
  var timeBudget: String?
  @Option(parsing: .unconditional, help: "Rows of each set in one step.") var batchSize: String?
  @Option(parsing: .unconditional, help: "LoRA rank; hidden size / 32 by default.") var rank: String?
  @Option(parsing: .unconditional, help: "LoRA alpha; twice the rank by default.") var alpha: String?
  @Option(help: "Which parameters are trained: lora, full, last-k.") var tuning: String?
  @Option(help: "Base optimiser: sgd, adamw.") var optimizer: String?
  @Option(parsing: .unconditional, help: "Tokens at which a row is cut.") var maxLength: String?
  @Option(help: "float32 or bfloat16.") var dtype: String?
  @Option(help: "Where to compute; cpu alone in this version.") var device: String?
  @Option(parsing: .unconditional, help: "Seed of everything random.") var seed: String?
  @Option(parsing: .unconditional, help: "Threads; all cores by default.") var threads: String?
  @Option(parsing: .unconditional, help: "Steps between checkpoints; 0 for none.") var checkpointEvery: String?
  @Flag(help: "Do not evaluate before and after.") var noEvaluate = false
  @Flag(help: "Allow forget-set text in the evaluation's files.") var revealForgetText = false
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Any other key of the configuration; repeatable.", valueName: "key=value"))
  var settings: [String] = []
  @Option(help: ArgumentHelp("Run folder to make; of run runs/METHOD-N by default.", valueName: "dir")) var output:
    String?
  @Option(
    help: ArgumentHelp(
      "Run folder to go on with, bit for bit. Other options stay as they were; only --time-budget may be new.",
      valueName: "dir"))
  var resume: String?

  func validate() throws {
    guard output == nil || resume == nil || output == resume else {
      throw ValidationError("expected either --output or --resume")
    }
  }

  /// Which of the options that a new run wants were not given.
  static func missing(_ options: [(name: String, value: String?)], command: String) -> Failure {
    let names = options.filter { $0.value == nil }.map(\.name)
    let list =
      names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
    return Failure(
      .usage, at: .commandLine(), "expected \(list) (or --resume)", hint: "see 'unlearn \(command) --help'")
  }

  /// Defaults, then the file, then the command line.
  func configuration(over base: RunConfiguration) throws -> RunConfiguration {
    var configuration = try config.map { try ConfigurationFile.read($0, over: base).0 } ?? base
    let given = try given()
    let keys = Set(given.map(\.0))
    // Steps of a file that the command line wants epochs in place of.
    if keys.contains("epochs"), !keys.contains("steps") { configuration.steps = nil }
    for (key, value) in given {
      try Setting.assign(
        key, value, to: &configuration, kind: .usage, at: .commandLine())
    }
    try configuration.requireConsistent(.usage, at: .commandLine())
    return configuration
  }

  private func given() throws -> [(String, String)] {
    let options: [(String, String?)] = [
      ("method", method), ("objective", objective), ("combiner", combiner), ("learning-rate", learningRate),
      ("auto-lr", autoLr),
      ("steps", steps), ("epochs", epochs), ("time-budget", timeBudget), ("batch-size", batchSize), ("rank", rank),
      ("alpha", alpha),
      ("tuning", tuning), ("optimizer", optimizer), ("max-length", maxLength), ("dtype", dtype), ("device", device),
      ("seed", seed), ("threads", threads), ("checkpoint-every", checkpointEvery),
      ("evaluate", noEvaluate ? "false" : nil), ("reveal-forget-text", revealForgetText ? "true" : nil),
    ]
    let pairs = try settings.map { setting in
      guard let split = setting.firstIndex(of: "=") else {
        throw Failure(
          .usage, at: .commandLine("--set"), "expected key=value, found '\(setting)'",
          hint: "'unlearn config explain' lists the keys")
      }
      return (String(setting[..<split]), String(setting[setting.index(after: split)...]))
    }
    let given = options.compactMap { key, value in value.map { (key, $0) } }
    if let twice = pairs.map(\.0).first(where: { key in given.contains { $0.0 == key } }) {
      throw Failure(
        .usage, at: .commandLine(twice), "the option is given twice, once by --set",
        hint: "give it once")
    }
    return given + pairs
  }
}
