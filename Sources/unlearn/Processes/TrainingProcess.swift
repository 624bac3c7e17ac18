import ArgumentParser
import Basics
import Foundation
import Torch
import Unlearning

/// The process of a command that trains: alone, or one of several that take every step together.
struct TrainingProcess {
  /// The environment's name for the process that started this one and is to be there as long as it.
  static let launcherVariable = "UNLEARN_LAUNCHER"

  let membership: GroupMembership
  /// Of several processes the first one speaks.
  let progress: ConsoleProgress
  private let launcher: Int32?

  /// From now on a signal lets the step end and its state be saved.
  init(_ common: CommonOptions) throws {
    Interruption.watch()
    let environment = ProcessInfo.processInfo.environment
    membership = try GroupMembership(environment: environment)
    progress = membership.leads ? common.progress : common.progress(level: .error)
    launcher = environment[Self.launcherVariable].flatMap(Int32.init)
  }

  /// Whether the run is to stop: after a signal, or when who started it is gone.
  func isInterrupted() -> Bool { Interruption.isRequested || launcher.map { getppid() != $0 } ?? false }

  /// Does the run, and says what came of it.
  func finish(_ session: RunSession) throws {
    let outcome: RunOutcome
    do {
      outcome = try session.run()
    } catch let failure as Failure where failure.isLossOfProcess && launcher != nil {
      throw ExitCode(ProcessLauncher.lostExitCode)
    }
    if membership.leads { return try RunReporting.finish(outcome, reports: true) }
    if outcome.ending == .interrupted {
      throw Failure(.stopped, "process \(membership.rank) stopped with the others; the first one saved their state")
    }
  }
}
