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
  // Nothing of these commands is random; scripts give it to all commands alike.
  @Option(parsing: .unconditional, help: .hidden) var seed: Int?

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

/// What scripts give to all commands alike, where little or nothing comes of it: no help shows it.
struct UniformOptions: ParsableArguments {
  @Option(help: .hidden) var device = "cpu"
  @Option(parsing: .unconditional, help: .hidden) var threads: Int?
  @Option(parsing: .unconditional, help: .hidden) var seed: Int?

  func validate() throws {
    try Device.check(device)
    try Threads.check(threads)
  }
}

/// A model in memory as a command's options ask for it.
enum ModelLoading {
  /// - Parameter dtype: the default of this machine when nil.
  static func load(
    _ folder: String, adapter: String?, dtype: ComputeType?, threads: Int?, progress: any ProgressObserver
  ) throws -> LanguageModel {
    if let adapter { try Folder.require(adapter) }
    var configuration = RunConfiguration()
    configuration.dtype = dtype
    configuration.threads = threads
    let loaded = try LanguageModel.load(folder, dtype: configuration.preparedComputeType())
    progress.log(.debug, loaded.summary)
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
  /// - Parameter runs: whether the model is to be run, so that one which cannot be is refused before it is converted.
  static func resolve(_ path: String, runs: Bool = true, progress: any ProgressObserver) throws -> String {
    guard path.lowercased().hasSuffix(".gguf"), !Folder.exists(path) else { return path }
    if runs { try requireRunnable(try GGUFFile(path: path)) }
    let hash = try SHA256.hexDigest(ofFile: path)
    let folder = "\(cache)/gguf/\(hash.prefix(32))"
    func isThere() -> Bool { FileManager.default.fileExists(atPath: "\(folder)/config.json") }
    if isThere() { return folder }
    try Folder.create("\(cache)/gguf")
    // Of several processes that want it one converts, and the others wait.
    let lock = try FolderLock("\(cache)/gguf", waits: true)
    try withExtendedLifetime(lock) {
      guard !isThere() else { return }
      progress.log(.info, "converting \(path) once, into \(folder)")
      try GGUFConversion.convert(gguf: path, to: folder, progress: progress)
    }
    return folder
  }

  private static func requireRunnable(_ file: GGUFFile) throws {
    let key = "general.architecture"
    guard let name = try file.string(key), !Architecture.families.contains(name) else { return }
    throw Failure(
      .badData, at: file.location(key), "the architecture '\(name.shown)' is not supported",
      hint: "supported: \(Architecture.families.joined(separator: ", "))")
  }

  private static var cache: String {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(NSHomeDirectory())/.cache"
    return "\(home)/unlearn"
  }
}
