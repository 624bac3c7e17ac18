import Basics
import Checkpoints
import Foundation
import LanguageModels
import Torch

/// A run at one moment as one safetensors file: every trained tensor, the optimiser's moments and, in the metadata, the
/// ``TrainingState``. Written aside, fsynced and renamed, so that a kill leaves the last whole one.
enum TrainingCheckpoint {
  private static let suffix = ".safetensors"

  static func path(_ folder: String, step: Int) -> String {
    let digits = String(step)
    return "\(folder)/step-\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits)\(suffix)"
  }

  /// Writes the checkpoint and removes all but the latest two.
  static func save(_ trainer: Trainer, to folder: String) throws {
    let snapshot = try trainer.snapshot()
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let state = String(decoding: try encoder.encode(trainer.state), as: UTF8.self)
    try SafetensorsWriter.write(
      named(snapshot, trainer).map { TensorSource(name: $0.name, tensor: $0.tensor) },
      to: path(folder, step: trainer.state.step),
      metadata: ["state": state, "optimizer_step": String(snapshot.optimizerStep)], order: .given)
    for name in try files(folder).dropLast(2) { unlink("\(folder)/\(name)") }
  }

  /// Restores the latest checkpoint of a folder.
  /// - Returns: false when there is none, so that the run starts over.
  static func restoreLatest(_ trainer: Trainer, from folder: String) throws -> Bool {
    guard let name = try files(folder).last else { return false }
    let file = try SafetensorsFile(path: "\(folder)/\(name)")
    let location = Location(file: file.path)
    guard let text = file.metadata["state"], let optimizerStep = file.metadata["optimizer_step"].flatMap(Int.init),
      let state = try? JSONDecoder().decode(TrainingState.self, from: Data(text.utf8))
    else { throw Failure(.badData, at: location, "the checkpoint holds no training state") }
    let now = try trainer.snapshot()
    for (name, tensor) in named(now, trainer) {
      guard let entry = file.entry(named: name), entry.shape == tensor.shape, entry.elementType == .float32 else {
        throw Failure(
          .badData, at: location.appending(field: name), "the tensor is missing or of another shape",
          hint: "resume with the configuration that the run was started with")
      }
      try tensor.assign(
        Tensor.borrowing(file.bytes(of: entry), shape: entry.shape, dtype: .float32, owner: file))
    }
    let restored = TrainingSnapshot(parameters: now.parameters, moments: now.moments, optimizerStep: optimizerStep)
    try trainer.restore(restored, state: state)
    return true
  }

  private static func files(_ folder: String) throws -> [String] {
    guard Folder.exists(folder) else { return [] }
    return try Folder.names(folder).filter { $0.hasPrefix("step-") && $0.hasSuffix(suffix) }
  }

  private static func named(_ snapshot: TrainingSnapshot, _ trainer: Trainer) -> [(name: String, tensor: Tensor)] {
    var result = zip(trainer.parameters.names, snapshot.parameters.tensors).map {
      (name: "parameter.\($0)", tensor: $1)
    }
    for (moment, vector) in zip(trainer.momentNames, snapshot.moments) {
      result += zip(trainer.parameters.names, vector.tensors).map { (name: "\(moment).\($0)", tensor: $1) }
    }
    return result
  }
}
