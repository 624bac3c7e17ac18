import Basics
import Evaluation
import Foundation
import LanguageModels
import Torch

/// The evaluations before and after the run, within its time budget.
extension RunSession {
  /// False when it was interrupted, or out of time, with what it has finished kept.
  func evaluateAfter(
    _ evaluation: RunEvaluation, _ model: LanguageModel, _ outcome: inout RunOutcome
  ) throws -> Bool {
    guard configuration.evaluates else { return true }
    do {
      outcome.after = try withAllThreads { try bounded(evaluation, share: 1).evaluate(model, name: "after") }
    } catch let failure as Failure where failure.kind == .stopped {
      record.state = .stopped
      try record.write(to: folder)
      return false
    }
    warnOfGeneralLoss(outcome.before, outcome.after)
    if let after = outcome.after, let reference = outcome.reference, !after.isComparable(with: reference) {
      warn(EvaluationSummary.otherRows)
    }
    return true
  }

  /// The evaluation of the model as it is given. Of a time budget it may take a quarter: forgetting comes first.
  func evaluateBefore(_ evaluation: RunEvaluation, _ model: LanguageModel) throws -> EvaluationSummary? {
    do {
      return try withAllThreads { try bounded(evaluation, share: 0.25).evaluate(model, name: "before") }
    } catch let failure as Failure where failure.kind == .stopped && !isInterrupted() {
      warn("the evaluation before the run was left unfinished: it may take a quarter of --time-budget")
      return nil
    }
  }

  /// While this process evaluates, the others of its machine wait, or are done: their threads are free.
  private func withAllThreads<Result>(_ body: () throws -> Result) throws -> Result {
    guard membership.localSize > 1 else { return try body() }
    let own = Runtime.threads
    try Runtime.setThreads(max(own, min(own * membership.localSize, ProcessInfo.processInfo.activeProcessorCount)))
    defer { try? Runtime.setThreads(own) }
    return try body()
  }

  /// The same evaluation, stopped when so much of the time budget is used up.
  private func bounded(_ evaluation: RunEvaluation, share: Double) -> RunEvaluation {
    guard let timeBudget else { return evaluation }
    var bounded = evaluation
    bounded.isInterrupted = { [isInterrupted, begun] in
      isInterrupted() || Date().timeIntervalSince(begun) > share * timeBudget
    }
    return bounded
  }

  /// The challenge's floor: three quarters of the MMLU accuracy that there was.
  private func warnOfGeneralLoss(_ before: EvaluationSummary?, _ after: EvaluationSummary?) {
    guard let start = before?.value("scores", "MMLU"), let end = after?.value("scores", "MMLU") else { return }
    let floor = OfficialScores.mmluFloorShare * start
    if end < floor {
      warn("the MMLU accuracy \(fixed(end, 3)) is below \(fixed(floor, 3)), three quarters of what it was")
    }
  }
}
