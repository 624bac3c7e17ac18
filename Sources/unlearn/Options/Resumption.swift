import Basics
import Foundation
import Unlearning

/// A run goes on as it was begun. Options beside `--resume` may repeat what it was begun with; what differs is refused
/// rather than left out of account.
extension TrainingOptions {
  /// The run to go on with: that of `--resume`, or of the key `resume`. Nil for a new run.
  func resumedFolder(over base: RunConfiguration) throws -> String? {
    if let resume { return resume }
    let named = try configuration(over: base).resume
    guard named == nil || output == nil || output == named else {
      throw Failure(
        .usage, at: .commandLine("output"), "expected either --output or the configuration's key resume, found both")
    }
    return named
  }

  /// - Parameters:
  ///   - base: the command's defaults.
  ///   - inputs: paths of the command that were given again.
  func session(
    resuming folder: String, over base: RunConfiguration, in process: TrainingProcess,
    inputs: (RunInputs) throws -> [GivenPath]
  ) throws -> RunSession {
    let session = try RunSession(
      resuming: Self.absolute(folder), membership: process.membership, progress: process.progress,
      isInterrupted: process.isInterrupted)
    let begun = session.configuration
    let memorizes = session.inputs.forget == nil
    guard memorizes != base.method.usesForget else {
      throw Failure(
        .usage, at: Location(file: folder), "the run was begun by '\(memorizes ? "memorize" : "run")'",
        hint: "unlearn \(memorizes ? "memorize" : "run") --resume \(folder)")
    }
    // A file is given again as it was: what it leaves open was decided when the run was begun. One that names the run itself
    // is another, which need not say again what it was begun with.
    let wanted = try configuration(over: config == nil || resume == nil ? begun : base).filled(from: begun)
    for setting in Setting.all where !["time-budget", "output", "resume"].contains(setting.key) {
      let (was, now) = (setting.text(begun) ?? "not set", setting.text(wanted) ?? "not set")
      if was != now { throw Self.difference(setting.key, was: was, now: now) }
    }
    let begunIn = session.directory ?? FileManager.default.currentDirectoryPath
    for path in try inputs(session.inputs) {
      guard let now = path.now, path.was.map({ Self.absolute($0, in: begunIn) }) != Self.absolute(now) else { continue }
      throw Self.difference(path.option, was: path.was ?? "not given", now: now)
    }
    session.timeBudget = wanted.timeBudget
    // The run's files are named from where it was begun.
    if let directory = session.directory { _ = FileManager.default.changeCurrentDirectoryPath(directory) }
    return session
  }

  /// A path on the command line, and what it was when the run was begun.
  struct GivenPath {
    let option: String
    let now: String?
    let was: String?
  }

  private static func absolute(
    _ path: String, in directory: String = FileManager.default.currentDirectoryPath
  ) -> String {
    URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: directory, isDirectory: true)).standardizedFileURL
      .resolvingSymlinksInPath().path
  }

  private static func difference(_ name: String, was: String, now: String) -> Failure {
    Failure(
      .usage, at: .commandLine(name), "expected \(was), as the run was begun; found \(now)",
      hint: "leave it out to go on, or begin another run with --output")
  }
}
