import Basics
import Foundation
import Synchronization
import Torch

/// Starts a command of this program in several processes, passes signals on to them and waits for all of them. When one
/// fails, the others end too.
struct ProcessLauncher {
  private let arguments: [String]
  private let count: Int
  private let progress: ConsoleProgress

  /// With what a process of a launcher ends that others have left: the launcher says why they did.
  static let lostExitCode: Int32 = 71  // EX_OSERR

  /// Seconds from a failure of another process, or from the end of the first, until those that still run are killed; and from
  /// a failure of the first one, without which the others have nothing to do.
  private static let (grace, shortGrace) = (30.0, 0.2)
  private static let pause = 0.02

  init(_ arguments: [String], count: Int, progress: ConsoleProgress) {
    self.arguments = arguments
    self.count = count
    self.progress = progress
  }

  /// How one process ended.
  private struct Ending {
    let rank: Int
    let status: Int32
    let wasKilled: Bool

    /// Whether it ended because another was gone.
    var isLost: Bool { !wasKilled && status == ProcessLauncher.lostExitCode }
    /// Whether it failed by itself.
    var failed: Bool { wasKilled || ![0, Failure.Kind.stopped.exitCode].contains(status) && !isLost }
    /// A signal from the user ends a process at once when it is the second, or comes before it can save anything.
    var isAsked: Bool { wasKilled && status == SIGTERM && Interruption.requests > 0 }
    var exitCode: Int32 { isAsked ? 128 + status : wasKilled || isLost ? Failure.Kind.fault.exitCode : status }
  }

  /// The exit code of the command.
  func run() throws -> Int32 {
    let space = try TemporaryFolder()
    defer { space.remove() }
    let endings = Mutex<[Ending]>([])
    var processes: [Process] = []
    do {
      for rank in 0..<count {
        let process = try process(rank, in: space)
        process.terminationHandler = { ended in
          let ending = Ending(
            rank: rank, status: ended.terminationStatus, wasKilled: ended.terminationReason == .uncaughtSignal)
          endings.withLock { $0.append(ending) }
        }
        try process.run()
        processes.append(process)
      }
    } catch {
      for process in processes { kill(process.processIdentifier, SIGKILL) }
      throw Failure(.fault, "process \(processes.count) of \(count) could not be started: \(error)")
    }
    let ended = wait(for: processes) { endings.withLock { $0 } }
    return report(endings.withLock { $0 }.filter { !$0.wasKilled || ended.contains($0.rank) }, in: space)
  }

  private func process(_ rank: Int, in space: TemporaryFolder) throws -> Process {
    let process = Process()
    process.executableURL = Bundle.main.executableURL
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging([
      "RANK": String(rank), "LOCAL_RANK": String(rank), "WORLD_SIZE": String(count),
      "LOCAL_WORLD_SIZE": String(count), GroupMembership.fileVariable: space.file("group"),
      TrainingProcess.launcherVariable: String(getpid()),
    ]) { $1 }
    process.standardInput = FileHandle.nullDevice
    if rank > 0 {
      process.standardOutput = FileHandle.nullDevice
      process.standardError = try newFile(log(rank, in: space))
    }
    return process
  }

  /// Where a process other than the first says what is wrong.
  private func log(_ rank: Int, in space: TemporaryFolder) -> String { space.file("errors-\(rank)") }

  private func newFile(_ path: String) throws -> FileHandle {
    guard FileManager.default.createFile(atPath: path, contents: nil), let handle = FileHandle(forWritingAtPath: path)
    else { throw Failure.cannotWrite(path, errno) }
    return handle
  }

  /// Until all have ended. Gives the ranks of those that were not ended from here.
  private func wait(for processes: [Process], _ endings: () -> [Ending]) -> Set<Int> {
    var (passedOn, known) = (0, [Ending]())
    var ranks = Set(processes.indices)
    var deadline: Date?
    var isTold = false
    while known.count < processes.count {
      Thread.sleep(forTimeInterval: Self.pause)
      known = endings()
      let running = processes.indices.filter { rank in !known.contains { $0.rank == rank } }
      func send(_ signal: Int32) { for rank in running { kill(processes[rank].processIdentifier, signal) } }
      while passedOn < Interruption.requests {
        send(SIGTERM)
        passedOn += 1
      }
      if Interruption.takePause() {
        send(SIGSTOP)
        kill(getpid(), SIGSTOP)
        send(SIGCONT)
      }
      let first = known.first { $0.rank == 0 }
      guard first != nil || known.contains(where: \.failed) else { continue }
      if first == nil, !isTold {
        isTold = true
        // It may be evaluating, and not yet have seen that it is alone.
        send(SIGTERM)
      }
      let limit = Date() + (first?.failed == true ? Self.shortGrace : Self.grace)
      let time = min(deadline ?? limit, limit)
      deadline = time
      if Date() >= time {
        send(SIGKILL)
        ranks.subtract(running)
      }
    }
    return ranks
  }

  /// Says why the processes ended, where the first one, which speaks for itself, has not, and gives the exit code of all.
  private func report(_ endings: [Ending], in space: TemporaryFolder) -> Int32 {
    let first = endings.first { $0.rank == 0 }
    guard let cause = first.flatMap({ $0.failed ? $0 : nil }) ?? endings.first(where: \.failed) else {
      if let first, !first.isLost { return first.exitCode }
      progress.log(.error, "the \(count) processes lost their connection")
      return Failure.Kind.fault.exitCode
    }
    if cause.wasKilled {
      say(cause)
    } else if cause.rank > 0 {
      // The end of it is enough, should it be long.
      let said = FileManager.default.contents(atPath: log(cause.rank, in: space)) ?? Data()
      StandardError.write(String(decoding: said.suffix(1 << 16), as: UTF8.self))
    }
    return cause.exitCode
  }

  private func say(_ ending: Ending) {
    guard !ending.isAsked else { return }
    progress.log(
      .error,
      "process \(ending.rank) of \(count) was ended by signal \(ending.status)"
        + (ending.status == SIGKILL ? "; the memory may have run out" : ""))
  }
}
