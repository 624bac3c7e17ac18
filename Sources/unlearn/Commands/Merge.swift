import ArgumentParser
import Basics
import LanguageModels
import Torch
import Unlearning

struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Merge an adapter into the weights: a Hugging Face folder.",
    discussion: """
      Several adapters are merged by TIES: of each change of a weight matrix the largest numbers are kept, a sign is
      elected for each place, and those that agree with it are averaged.

      Examples:
        unlearn merge --model MODEL --adapter runs/first/adapter --output unlearned
        unlearn merge --model MODEL --adapter runs/a/adapter --adapter runs/b/adapter --density 0.8 --output both
      """)

  @Option(help: ArgumentHelp("Hugging Face folder, or a .gguf file.", valueName: "dir")) var model: String
  @Option(help: ArgumentHelp("LoRA adapter in PEFT's format; repeatable.", valueName: "dir")) var adapter: [String]
  @Option(
    parsing: .unconditional,
    help: "Of several adapters: share of each change that is kept, by magnitude; 0.8 by default.")
  var density: Double?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Of several adapters: a weight each, such as 1,0.5; 1 by default.", valueName: "numbers"))
  var weights: String?
  @Option(help: "float32 or bfloat16; the model's own by default.") var dtype: ComputeType?
  @Option(help: ArgumentHelp("Folder to write.", valueName: "dir")) var output: String
  @OptionGroup var uniform: UniformOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if adapter.isEmpty { throw ValidationError("expected --adapter") }
    guard adapter.count == 1 else { return }
    for (option, isGiven) in [("--weights", weights != nil), ("--density", density != nil)] where isGiven {
      throw ValidationError("\(option) goes with several adapters")
    }
  }

  func run() throws {
    let progress = common.progress
    try Folder.requireFree(output)
    for folder in adapter { try Folder.require(folder) }
    if let threads = uniform.threads { try Runtime.setThreads(threads) }
    // float32 in memory: bfloat16 and float16 weights pass through it unchanged.
    let loaded = try LanguageModel.load(ModelFolder.resolve(model, progress: progress), dtype: .float32)
    let adapters = try adapter.map { try LoRAAdapter.read($0, for: loaded.decoder) }
    let merge =
      adapters.count > 1 ? try TIESMerge(adapters, weights: numbers(adapters.count), density: density ?? 0.8) : nil
    if merge == nil { loaded.decoder.attach(adapters.first) }
    let type: DType? = dtype.map { $0 == .bfloat16 ? .bfloat16 : .float32 }
    try Folder.writeAtomically(output) { try loaded.write(into: $0, dtype: type, merging: merge) }
    print("written: \(output)")
  }

  private func numbers(_ count: Int) throws -> [Double] {
    guard let weights else { return Array(repeating: 1, count: count) }
    return try weights.split(separator: ",", omittingEmptySubsequences: false).map { text in
      guard let number = Double(text), abs(number) <= 1000 else {
        throw Failure(
          .usage, at: .commandLine("--weights"),
          "expected numbers from -1000 to 1000, found '\(String(text).shown)'", hint: "one for each --adapter, as 1,0.5"
        )
      }
      return number
    }
  }
}
