import Basics
import Checkpoints
import Foundation
import LanguageModels
import Torch

/// A run at one moment as one safetensors file: every trained tensor, the optimiser's moments and, in the metadata, the
/// ``TrainingState`` and a checksum of all of it. Written aside, fsynced and renamed, so that a kill leaves the last whole
/// one.
enum TrainingCheckpoint {
  private static let prefix = "step-"
  private static let suffix = ".safetensors"

  static func path(_ folder: String, step: Int) -> String {
    let digits = String(step)
    return "\(folder)/\(prefix)\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits)\(suffix)"
  }

  /// Writes the checkpoint and removes all but the latest two, and what a kill left half written.
  static func save(_ trainer: Trainer, to folder: String) throws {
    let snapshot = trainer.tensors
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let state = String(decoding: try encoder.encode(trainer.state), as: UTF8.self)
    let optimizerStep = String(snapshot.optimizerStep)
    let tensors = named(snapshot, trainer).map { TensorSource(name: $0.name, tensor: $0.tensor) }
    var checksum = checksum(state, optimizerStep)
    for tensor in tensors { try tensor.produce { checksum.update($0) } }
    try Folder.create(folder)
    try SafetensorsWriter.write(
      tensors, to: path(folder, step: trainer.state.step),
      metadata: ["state": state, "optimizer_step": optimizerStep, "checksum": checksum.digits], order: .given)
    for name in try files(folder).dropLast(2) { unlink("\(folder)/\(name)") }
    Aside.removeAbandoned(in: folder)
  }

  /// Restores the latest checkpoint of a folder that is whole. One that is damaged is passed over with a warning, as the
  /// steps since the one before it can be taken again.
  /// - Throws: ``Failure`` of kind `badData` for the first one when none is whole. Without any the run starts over.
  static func restoreLatest(_ trainer: Trainer, from folder: String, progress: any ProgressObserver) throws {
    let names = try files(folder)
    for (earlier, name) in names.enumerated().reversed() {
      let path = "\(folder)/\(name)"
      do {
        return try restore(trainer, from: path)
      } catch let failure as Failure where failure.kind == .badData && earlier > 0 {
        progress.log(.warning, "\(path): \(failure.message); going on from the checkpoint before it")
      }
    }
  }

  private static func restore(_ trainer: Trainer, from path: String) throws {
    let file = try SafetensorsFile(path: path)
    let location = Location(file: path)
    let now = trainer.tensors
    var found: [(tensor: Tensor, entry: TensorEntry)] = []
    for (name, tensor) in named(now, trainer) {
      guard let entry = file.entry(named: name), entry.shape == tensor.shape, entry.elementType == .float32 else {
        throw Failure(
          .badData, at: location.appending(field: name), "the tensor is missing or of another shape",
          hint: "resume with the configuration that the run was started with")
      }
      found.append((tensor, entry))
    }
    guard let text = file.metadata["state"], let optimizerText = file.metadata["optimizer_step"],
      let optimizerStep = Int(optimizerText),
      let state = try? JSONDecoder().decode(TrainingState.self, from: Data(text.utf8))
    else { throw Failure(.badData, at: location, "the checkpoint holds no training state") }
    var checksum = checksum(text, optimizerText)
    for (_, entry) in found { checksum.update(try file.bytes(of: entry)) }
    guard checksum.digits == file.metadata["checksum"], (0...state.step).contains(optimizerStep),
      state.fits(trainer.state, totalSteps: trainer.totalSteps)
    else {
      throw Failure(
        .badData, at: location, "the checkpoint is damaged: its checksum does not match its contents",
        hint: "remove it to go on from the one before it, or to start over when it is the only one")
    }
    for (tensor, entry) in found {
      try tensor.assign(
        Tensor.borrowing(file.bytes(of: entry), shape: entry.shape, dtype: .float32, owner: file))
    }
    try trainer.restore(
      TrainingSnapshot(parameters: now.parameters, moments: now.moments, optimizerStep: optimizerStep), state: state)
  }

  private static func checksum(_ state: String, _ optimizerStep: String) -> Checksum {
    var checksum = Checksum()
    checksum.update(state)
    checksum.update(optimizerStep)
    return checksum
  }

  /// The step of the latest checkpoint of a folder; 0 without any.
  static func latestStep(in folder: String) throws -> Int {
    try files(folder).last.flatMap { Int($0.dropFirst(prefix.count).dropLast(suffix.count)) } ?? 0
  }

  private static func files(_ folder: String) throws -> [String] {
    guard Folder.exists(folder) else { return [] }
    return try Folder.names(folder).filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
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
