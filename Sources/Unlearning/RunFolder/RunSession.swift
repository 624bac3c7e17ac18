import Basics
import Datasets
import Evaluation
import Foundation
import LanguageModels
import Torch

/// A run from start to end in its folder: unlearning when there is a forget set, memorising when there is none. A run
/// that was stopped or killed goes on from its last checkpoint and ends in the same bytes.
public final class RunSession {
  let folder: String
  public private(set) var configuration: RunConfiguration
  /// Seconds after which to stop with the state saved; the configuration's own unless set anew.
  public var timeBudget: Double?
  var record: RunRecord
  let progress: any ProgressObserver
  let isInterrupted: () -> Bool
  /// Which process this is of those that take the steps together. The first of them alone evaluates and writes.
  let membership: GroupMembership
  /// Alone until the run's folder is opened.
  var group = ProcessGroup.alone
  let isNew: Bool
  /// Whether the folder is there, with a record that says the run goes on.
  var isOpen = false
  /// From before the record is read: what another process writes meanwhile would be lost.
  var lock: FolderLock?
  let begun = Date()

  /// A new run.
  /// - Parameters:
  ///   - output: a folder that does not exist, or is empty.
  ///   - membership: of the processes that do this run together, each of which makes a session of it.
  ///   - isInterrupted: asked after every step; true stops the run with its state saved.
  public init(
    _ inputs: RunInputs, configuration: RunConfiguration, output: String, command: [String],
    membership: GroupMembership = GroupMembership(), progress: any ProgressObserver, isInterrupted: @escaping () -> Bool
  ) throws {
    if membership.leads { try Self.requireFree(output) }
    folder = output
    self.membership = membership
    self.configuration = configuration
    timeBudget = configuration.timeBudget
    record = RunRecord(command: command, seed: configuration.seed, inputs: inputs, hashes: JSONObject())
    record.directory = FileManager.default.currentDirectoryPath
    self.progress = progress
    self.isInterrupted = isInterrupted
    isNew = true
  }

  /// Refuses a folder that a new run cannot have.
  public static func requireFree(_ output: String) throws {
    do {
      try Folder.requireFree(output)
    } catch var failure as Failure {
      if Folder.exists(output) { failure.hint = "choose another --output, or go on with --resume \(output)" }
      throw failure
    }
  }

  /// A run that goes on.
  public init(
    resuming folder: String, membership: GroupMembership = GroupMembership(), progress: any ProgressObserver,
    isInterrupted: @escaping () -> Bool
  ) throws {
    self.folder = folder
    self.membership = membership
    if membership.leads { lock = try FolderLock(folder) }
    record = try RunRecord.read(folder)
    configuration = try ConfigurationFile.read("\(folder)/config.yaml", over: RunConfiguration()).0
    timeBudget = configuration.timeBudget
    self.progress = progress
    self.isInterrupted = isInterrupted
    isNew = false
  }

  public var inputs: RunInputs { record.inputs }

  /// The working directory in which the run was begun, from which ``inputs`` are named.
  public var directory: String? { record.directory }

  var memorizes: Bool { record.inputs.forget == nil }
  var checkpoints: String { "\(folder)/checkpoints" }

  public func run() throws -> RunOutcome {
    do {
      return try configuration.kernels == .composed
        ? Runtime.withComposedLayers { try runToTheEnd() } : runToTheEnd()
    } catch let failure as Failure where failure.isLossOfProcess && !membership.leads && isInterrupted() {
      // The first process has stopped and is gone.
      return RunOutcome(folder: folder, ending: .interrupted)
    } catch let failure as Failure where failure.kind == .stopped && membership.leads {
      // Stopped in an evaluation, which keeps what it has finished.
      record.state = .stopped
      try record.write(to: folder)
      var outcome = RunOutcome(folder: folder, ending: .interrupted)
      outcome.steps = try TrainingCheckpoint.latestStep(in: checkpoints)
      return outcome
    } catch {
      // What ends a run (the loss is no number any more, say) must not leave a record that says it goes on.
      if isOpen {
        record.state = .stopped
        record.details["stop_reason"] = "error"
        try? record.write(to: folder)
      }
      throw error
    }
  }

  private func runToTheEnd() throws -> RunOutcome {
    if record.state == .done { return RunOutcome(folder: folder, ending: .alreadyDone, written: folder) }
    let reference = try record.inputs.reference.map { try EvaluationSummary(folder: $0) }
    let rows = try record.inputs.read()
    warnOfOverlap(rows.forget, rows.retain)
    let evaluated = OfficialEvaluation.Inputs(
      forget: rows.forget, retain: rows.retain, membershipFolder: record.inputs.membership,
      mmluFolder: record.inputs.mmlu)
    let evaluates = configuration.evaluates && membership.leads
    // What is wrong with its files is said before the model is loaded and hashed.
    let official =
      try evaluates
      ? OfficialEvaluation(evaluated, options: RunEvaluation.options(configuration)) : nil
    let model = try LanguageModel.load(
      record.inputs.model, dtype: configuration.preparedComputeType(in: membership),
      writable: configuration.tuning != .lora)
    progress.log(.debug, model.summary)
    try configuration.requireFits(model.architecture)
    if isNew { configuration = configuration.resolved(for: model.architecture, memorizes: memorizes) }
    try official?.requireFits(model)
    if evaluates { model.generation.warn(progress) }
    let sets = try sets(rows.forget, rows.retain, model)
    try open(rows.files + (configuration.evaluates ? record.inputs.evaluationFiles() : []))

    var outcome = RunOutcome(folder: folder, ending: .interrupted)
    outcome.reference = reference
    let evaluation = RunEvaluation(
      folder: "\(folder)/evaluation", configuration: configuration, encoder: sets.encoder, inputs: evaluated,
      fingerprint: JSONValue.object(record.hashes).text(), progress: progress, isInterrupted: isInterrupted)
    let before = Result { evaluates ? try evaluateBefore(evaluation, model) : nil }
    // The others wait for it, and end where it does.
    if try group.any(before.isFailure, patience: ProcessGroup.evaluationPatience), !membership.leads { return outcome }
    outcome.before = try before.get()
    let trainer = try trainer(model, sets, rows.forget)
    let reason = try train(trainer, &outcome)
    guard membership.leads else {
      outcome.ending = reason.map(RunOutcome.Ending.finished) ?? .interrupted
      return outcome
    }
    outcome.written = try write(model)
    guard let reason, try evaluateAfter(evaluation, model, &outcome) else { return outcome }
    outcome.ending = .finished(reason)
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
    if !isNew { try TrainingCheckpoint.restoreLatest(trainer, from: checkpoints, progress: progress) }
    let masters = trainer.parameters.masters
    try group.requireAgreement(on: "\(trainer.state.step) \(masters.dot(masters))", "parameters")
    // What was written after the last checkpoint is cut off: those steps are taken again.
    let log =
      membership.leads ? try AppendOnlyFile(path: "\(folder)/events.jsonl", offset: trainer.state.eventOffset) : nil
    let start = Date()
    let secondsBefore = trainer.state.seconds ?? 0
    func seconds() -> Double { secondsBefore + Date().timeIntervalSince(start) }
    progress.begin(
      memorizes ? "memorise" : "unlearn", total: trainer.totalSteps, done: trainer.state.step, unit: "steps")
    defer { progress.finish() }
    while !trainer.isDone {
      let stepBegun = Date()
      let report = try trainer.step()
      try log?.writeLine(report.event)
      progress.log(.debug, "step \(report.step): \(report.summary)")
      progress.advance(by: 1, detail: report.summary)
      if report.rolledBack {
        progress.log(.info, "step \(report.step): the retain loss left its budget; rolled back, learning rate halved")
      }
      let interrupted = try group.any(
        isInterrupted() || isOutOfTime(afterStepOf: Date().timeIntervalSince(stepBegun)))
      let period = configuration.checkpointEvery
      if let log, interrupted || trainer.isDone || period > 0 && report.step % period == 0 {
        // A checkpoint without the events before it could not be gone on from.
        try log.synchronize()
        trainer.note(eventOffset: log.offset, seconds: seconds())
        try TrainingCheckpoint.save(trainer, to: checkpoints)
      }
      if interrupted, !trainer.isDone {
        record.state = .stopped
        if membership.leads { try record.write(to: folder) }
        outcome.steps = trainer.state.step
        return nil
      }
    }
    outcome.steps = trainer.state.step
    outcome.seconds = seconds()
    outcome.tokensPerSecond = Double(trainer.state.tokens) / max(outcome.seconds, 1e-9)
    return trainer.state.stopReason ?? .steps
  }

  private func trainer(_ model: LanguageModel, _ sets: SampleSets, _ forgetRows: [Row]) throws -> Trainer {
    let trainer = try Trainer(
      model, configuration, retain: sets.retain.samples, forget: sets.forget?.samples ?? [], unseen: sets.unseen,
      answers: sets.forget?.answers ?? [:], group: group, progress: progress)
    if !memorizes, configuration.untilRegurgitation != nil {
      trainer.regurgitation =
        RegurgitationProbe(
          model, forgetRows, encoder: sets.encoder, count: configuration.regurgitationRows,
          maximumNewTokens: configuration.maximumNewTokens, seed: configuration.seed, group: group
        ).measure
    }
    announce(trainer)
    return trainer
  }

  /// Whether another step, and the writing after it, would not fit the time budget any more.
  private func isOutOfTime(afterStepOf seconds: Double) -> Bool {
    guard let budget = timeBudget else { return false }
    return Date().timeIntervalSince(begun) + 2 * seconds > budget
  }
}

extension Result {
  fileprivate var isFailure: Bool { if case .failure = self { true } else { false } }
}
