import ArgumentParser
import Basics
import LanguageModels
import Torch
import Unlearning

struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Merge an adapter into the weights: a Hugging Face folder.",
    discussion: """
      Example:
        unlearn merge --model MODEL --adapter runs/first/adapter --output unlearned
      """)

  @Option(help: ArgumentHelp("Hugging Face folder, or a .gguf file.", valueName: "dir")) var model: String
  @Option(help: ArgumentHelp("LoRA adapter in PEFT's format.", valueName: "dir")) var adapter: String
  @Option(help: "float32 or bfloat16; the model's own by default.") var dtype: ComputeType?
  @Option(help: ArgumentHelp("Folder to write.", valueName: "dir")) var output: String
  @OptionGroup var common: CommonOptions

  func run() throws {
    let progress = common.progress
    // float32 in memory: bfloat16 and float16 weights pass through it unchanged.
    let loaded = try LanguageModel.load(ModelFolder.resolve(model, progress: progress), dtype: .float32)
    loaded.decoder.attach(try LoRAAdapter.read(adapter, for: loaded.decoder))
    let type: DType? = dtype.map { $0 == .bfloat16 ? .bfloat16 : .float32 }
    try Folder.writeAtomically(output) { try loaded.write(into: $0, dtype: type) }
    print("written: \(output)")
  }
}
