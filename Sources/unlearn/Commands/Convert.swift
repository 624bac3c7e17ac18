import ArgumentParser
import Basics
import Checkpoints

struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn a GGUF file into a Hugging Face folder.",
    discussion: """
      Lossless unless --dtype rounds: quantised blocks are expanded to float32.

      Example:
        unlearn convert SmolLM2-135M-Instruct.Q4_1.gguf smollm2
      """)

  @Argument(help: ArgumentHelp("GGUF file.", valueName: "model.gguf")) var source: String
  @Argument(help: ArgumentHelp("Folder to write.", valueName: "outdir")) var output: String
  @Option(help: "float32, bfloat16 or float16.") var dtype = "float32"
  @OptionGroup var uniform: UniformOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let types: [String: ElementType] = ["float32": .float32, "bfloat16": .bfloat16, "float16": .float16]
    guard let type = types[dtype] else {
      throw Failure(
        .usage, at: .commandLine("--dtype"),
        "expected float32, bfloat16 or float16, found '\(dtype.shown)'")
    }
    let progress = common.progress
    progress.begin("convert", total: nil, unit: "tensors")
    try GGUFConversion.convert(gguf: source, to: output, elementType: type, progress: progress)
    progress.finish()
    print("written: \(output)")
  }
}
