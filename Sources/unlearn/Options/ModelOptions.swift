import ArgumentParser
import Basics
import Checkpoints
import Foundation
import LanguageModels
import Torch
import Unlearning

/// The model of a command that runs one.
struct ModelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Hugging Face folder, or a .gguf file.", valueName: "dir"))
  var model: String
  @Option(help: ArgumentHelp("LoRA adapter in PEFT's format.", valueName: "dir"))
  var adapter: String?
  @Option(help: "float32 or bfloat16; bfloat16 by default where the machine has it in hardware.")
  var dtype: ComputeType?
  @Option(help: "Where to compute; cpu alone in this version.") var device = "cpu"
  @Option(parsing: .unconditional, help: "Threads; all cores by default.") var threads: Int?

  func validate() throws {
    try Device.check(device)
    try Threads.check(threads)
  }

  func load(_ progress: any ProgressObserver) throws -> LanguageModel {
    try ModelLoading.load(
      ModelFolder.resolve(model, progress: progress), adapter: adapter, dtype: dtype, threads: threads,
      progress: progress)
  }
}

/// A model in memory as a command's options ask for it.
enum ModelLoading {
  /// - Parameter dtype: the default of this machine when nil.
  static func load(
    _ folder: String, adapter: String?, dtype: ComputeType?, threads: Int?, progress: any ProgressObserver
  ) throws -> LanguageModel {
    if let threads { try Runtime.setThreads(threads) }
    var configuration = RunConfiguration()
    configuration.dtype = dtype
    let loaded = try LanguageModel.load(folder, dtype: configuration.computeType)
    loaded.generation.warn(progress)
    if let adapter { loaded.decoder.attach(try LoRAAdapter.read(adapter, for: loaded.decoder)) }
    return loaded
  }
}

extension ComputeType: ExpressibleByArgument {}

/// The devices that models run on.
enum Device {
  static func check(_ name: String) throws {
    guard name == "cpu" else {
      throw ValidationError("--device: '\(name)' is not available in this version; expected cpu")
    }
  }
}

/// The number of threads.
enum Threads {
  private static let range = 1...4096

  static func check(_ count: Int?) throws {
    guard let count, !range.contains(count) else { return }
    throw ValidationError("--threads: expected \(range.lowerBound) to \(range.upperBound), found \(count)")
  }
}

/// A model folder from what a user gives for `--model`.
enum ModelFolder {
  /// A folder as it is; a .gguf file converted once into the cache folder.
  static func resolve(_ path: String, progress: any ProgressObserver) throws -> String {
    guard path.hasSuffix(".gguf"), !Folder.exists(path) else { return path }
    let hash = try SHA256.hexDigest(ofFile: path)
    let folder = "\(cache)/gguf/\(hash.prefix(32))"
    if FileManager.default.fileExists(atPath: "\(folder)/config.json") { return folder }
    progress.log(.info, "converting \(path) once, into \(folder)")
    try GGUFConversion.convert(gguf: path, to: folder, progress: progress)
    return folder
  }

  private static var cache: String {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(NSHomeDirectory())/.cache"
    return "\(home)/unlearn"
  }
}
