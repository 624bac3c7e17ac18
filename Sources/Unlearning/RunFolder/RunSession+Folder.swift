import Basics
import LanguageModels
import Torch

/// The run's folder: made or checked before the first step, and written into at the end.
extension RunSession {
  private static let configurationKey = "configuration_sha256"
  private static let processesKey = "processes"

  /// Makes the folder of a new run, or checks that a resumed one has the same files before it.
  func open(_ data: [String]) throws {
    let hashes = try InputHashes.compute(model: record.inputs.model, data: data, progress: progress)
    let text = ConfigurationFile.text(configuration)
    if isNew {
      record.hashes = hashes
      record.versions = RunRecord.ownVersions
      record.details[Self.configurationKey] = .string(SHA256.hexDigest(of: text))
      if membership.size > 1 { record.details[Self.processesKey] = .integer(membership.size) }
    } else {
      try InputHashes.verify(hashes, equal: record.hashes)
      if let hash = record.details[Self.configurationKey], hash != .string(SHA256.hexDigest(of: text)) {
        throw Failure(
          .badData, at: Location(file: "\(folder)/config.yaml"), "the file has changed since the run began",
          hint: "restore it, or start a new run")
      }
      let before = record.details[Self.processesKey]?.intValue ?? 1
      if before != membership.size {
        warn(
          "the run was begun in \(before) processes: in \(membership.size) it goes on as it would have but for rounding"
        )
      }
      record.state = .running
      record.details["stop_reason"] = nil
    }
    group = try ProcessGroup(joining: membership)
    // What one computes must be what the others compute, to the bit.
    let versions = RunRecord.ownVersions.map(\.value)
    try group.requireAgreement(
      on: "\(text) \(hashes.entries.map(\.value)) \(versions)", "configuration, data, versions or CPU instructions")
    guard membership.leads else { return }
    if isNew {
      try Folder.writeAtomically(folder) { aside in
        try Folder.create("\(aside)/checkpoints")
        try AtomicFile.write(text, to: "\(aside)/config.yaml")
        try record.write(to: aside)
      }
      lock = try FolderLock(folder)
    } else {
      try record.write(to: folder)
    }
    isOpen = true
  }

  func announce(_ trainer: Trainer) {
    let (trained, whole) = (trainer.parameters.trainedCount, trainer.parameters.modelCount)
    let share = fixed(100 * Double(trained) / Double(max(1, whole)), 2)
    progress.log(.info, "trainable: \(trained) of \(whole) parameters (\(share) %)")
    record.details["trained_parameters"] = .integer(trained)
    record.details["parameters"] = .integer(whole)
  }

  /// LoRA gives `adapter/`, full tuning `model/`; a memorised model is the folder itself, ready for `--model`.
  func write(_ model: LanguageModel) throws -> String {
    if let adapter = model.decoder.adapter {
      try adapter.write(to: "\(folder)/adapter", baseModel: record.inputs.model, replacing: true)
    }
    if memorizes {
      try model.write(into: folder)
      return folder
    }
    guard configuration.tuning != .lora else { return "\(folder)/adapter" }
    try Folder.writeAtomically("\(folder)/model", replacing: true) { try model.write(into: $0) }
    return "\(folder)/model"
  }
}
