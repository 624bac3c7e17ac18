import Basics
import Datasets
import Evaluation
import Foundation
import LanguageModels
import Torch

/// A run from start to end in its folder: unlearning when there is a forget set, memorising when there is none. A run
/// that was stopped or killed goes on from its last checkpoint and ends in the same bytes.
public final class RunSession {
  private let folder: String
  let configuration: RunConfiguration
  var record: RunRecord
  let progress: any ProgressObserver
  private let isInterrupted: () -> Bool
  private var isNew: Bool
  private let begun = Date()

  /// A new run.
  /// - Parameters:
  ///   - output: a folder that does not exist, or is empty.
  ///   - isInterrupted: asked after every step; true stops the run with its state saved.
  public init(
    _ inputs: RunInputs, configuration: RunConfiguration, output: String, command: [String],
    progress: any ProgressObserver, isInterrupted: @escaping () -> Bool
  ) throws {
    if Folder.exists(output), try !Folder.names(output).isEmpty {
      throw Failure(
        .cannotWrite, at: Location(file: output), "the folder exists and is not empty",
        hint: "choose another --output, or go on with --resume \(output)")
    }
    folder = output
    self.configuration = configuration
    record = RunRecord(command: command, seed: configuration.seed, inputs: inputs, hashes: JSONObject())
    self.progress = progress
    self.isInterrupted = isInterrupted
    isNew = true
  }

  /// A run that goes on.
  public init(
    resuming folder: String, progress: any ProgressObserver, isInterrupted: @escaping () -> Bool
  ) throws {
    self.folder = folder
    record = try RunRecord.read(folder)
    configuration = try ConfigurationFile.read("\(folder)/config.yaml", over: RunConfiguration()).0
    self.progress = progress
    self.isInterrupted = isInterrupted
    isNew = false
  }

  private var memorizes: Bool { record.inputs.forget == nil }
  private var checkpoints: String { "\(folder)/checkpoints" }

  public func run() throws -> RunOutcome {
    do {
      return try configuration.kernels == .composed
        ? Runtime.withComposedLayers { try runToTheEnd() } : runToTheEnd()
    } catch let failure as Failure where failure.kind == .stopped {
      // Stopped in an evaluation, which keeps what it has finished.
      record.state = .stopped
      try record.write(to: folder)
      return RunOutcome(folder: folder, ending: .interrupted)
    }
  }

  private func runToTheEnd() throws -> RunOutcome {
    if record.state == .done { return RunOutcome(folder: folder, ending: .alreadyDone, written: folder) }
    if let threads = configuration.threads { try Runtime.setThreads(threads) }
    let reference = try record.inputs.reference.map { try EvaluationSummary(folder: $0) }
    let rows = try record.inputs.read()
    warnOfOverlap(rows.forget, rows.retain)
    let model = try LanguageModel.load(
      record.inputs.model, dtype: configuration.computeType, writable: configuration.tuning != .lora)
    let encoder = SampleEncoder(
      model, labelScope: configuration.labelScope, separator: configuration.separator,
      promptTemplate: configuration.promptTemplate, appendsEndOfText: configuration.appendsEndOfText,
      maximumLength: min(configuration.maximumLength, model.architecture.maximumPositions))
    let retain = try set(memorizes ? "training" : "retain", rows.retain, encoder)
    var forgetEncoder = encoder
    forgetEncoder.appendsEndOfText = false
    let wantsAnswers = configuration.activeObjective.needs.answers
    let forget = memorizes ? nil : try set("forget", rows.forget, forgetEncoder, wantsAnswers ? encoder : nil)
    let unseen = try unseenDocuments(encoder)
    if !memorizes { warnOfUnusedPrior() }
    try open(rows.files)

    var outcome = RunOutcome(folder: folder, ending: .interrupted)
    outcome.reference = reference
    let evaluation = RunEvaluation(
      folder: "\(folder)/evaluation", configuration: configuration, encoder: encoder,
      inputs: OfficialEvaluation.Inputs(
        forget: rows.forget, retain: rows.retain, membershipFolder: record.inputs.membership,
        mmluFolder: record.inputs.mmlu),
      fingerprint: JSONValue.object(record.hashes).text(), progress: progress, isInterrupted: isInterrupted)
    if configuration.evaluates { outcome.before = try evaluation.evaluate(model, name: "before") }
    let trainer = try Trainer(
      model, configuration, retain: retain.samples, forget: forget?.samples ?? [], unseen: unseen,
      answers: forget?.answers ?? [:],
      progress: progress)
    announce(trainer)
    guard let reason = try train(trainer, &outcome) else {
      outcome.written = try write(model)
      return outcome
    }
    outcome.ending = .finished(reason)
    outcome.written = try write(model)
    if configuration.evaluates { outcome.after = try evaluation.evaluate(model, name: "after") }
    record.details["stop_reason"] = .string(reason.rawValue)
    record.details["steps"] = .integer(outcome.steps)
    record.details["minutes"] = .number(outcome.seconds / 60)
    record.details["tokens_per_second"] = .number(outcome.tokensPerSecond)
    record.details["peak_memory_mib"] = .integer(ProcessMemory.peakMebibytes)
    record.state = .done
    try record.write(to: folder)
    return outcome
  }

  /// The loop: steps, their events, checkpoints. Nil when interrupted or out of time, with the state saved.
  private func train(_ trainer: Trainer, _ outcome: inout RunOutcome) throws -> StopReason? {
    _ = try TrainingCheckpoint.restoreLatest(trainer, from: checkpoints)
    // What was written after the last checkpoint is cut off: those steps are taken again.
    let log = try AppendOnlyFile(path: "\(folder)/events.jsonl", offset: trainer.state.eventOffset)
    let start = Date()
    let (firstStep, firstTokens) = (trainer.state.step, trainer.state.tokens)
    progress.begin(memorizes ? "memorise" : "unlearn", total: trainer.totalSteps - firstStep, unit: "steps")
    defer { progress.finish() }
    while !trainer.isDone {
      let stepBegun = Date()
      let report = try trainer.step()
      try log.writeLine(report.event)
      progress.advance(by: 1, detail: report.summary)
      if report.rolledBack {
        progress.log(.info, "step \(report.step): the retain loss left its budget; rolled back, learning rate halved")
      }
      let interrupted = isInterrupted() || isOutOfTime(afterStepOf: Date().timeIntervalSince(stepBegun))
      let period = configuration.checkpointEvery
      if interrupted || trainer.isDone || period > 0 && report.step % period == 0 {
        trainer.noteEventOffset(log.offset)
        try TrainingCheckpoint.save(trainer, to: checkpoints)
      }
      if interrupted, !trainer.isDone {
        record.state = .stopped
        try record.write(to: folder)
        outcome.steps = trainer.state.step
        return nil
      }
    }
    outcome.steps = trainer.state.step
    outcome.seconds = Date().timeIntervalSince(start)
    outcome.tokensPerSecond = Double(trainer.state.tokens - firstTokens) / max(outcome.seconds, 1e-9)
    return trainer.state.stopReason ?? .steps
  }

  /// Whether another step, and the writing after it, would not fit the time budget any more.
  private func isOutOfTime(afterStepOf seconds: Double) -> Bool {
    guard let budget = configuration.timeBudget else { return false }
    return Date().timeIntervalSince(begun) + 2 * seconds > budget
  }

  /// Makes the folder of a new run, or checks that a resumed one has the same files before it.
  private func open(_ data: [String]) throws {
    let hashes = try InputHashes.compute(model: record.inputs.model, data: data, progress: progress)
    if isNew {
      record.hashes = hashes
      try Folder.writeAtomically(folder) { aside in
        try Folder.create("\(aside)/checkpoints")
        try AtomicFile.write(ConfigurationFile.text(configuration), to: "\(aside)/config.yaml")
        try record.write(to: aside)
      }
    } else {
      try InputHashes.verify(hashes, equal: record.hashes)
      record.state = .running
      try record.write(to: folder)
    }
  }

  private func announce(_ trainer: Trainer) {
    let (trained, whole) = (trainer.parameters.trainedCount, trainer.parameters.modelCount)
    let share = fixed(100 * Double(trained) / Double(max(1, whole)), 2)
    progress.log(.info, "trainable: \(trained) of \(whole) parameters (\(share) %)")
    record.details["trained_parameters"] = .integer(trained)
    record.details["parameters"] = .integer(whole)
  }

  /// LoRA gives `adapter/`, full tuning `model/`; a memorised model is the folder itself, ready for `--model`.
  private func write(_ model: LanguageModel) throws -> String {
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
