import Basics

/// Which process of a group this one is, and where the others are to be met.
public struct GroupMembership: Sendable, Equatable {
  /// How the processes of a group find each other.
  public enum Meeting: Sendable, Equatable {
    /// All on this machine, over its loopback interface: by a file that no other group has used.
    case file(String)
    /// At a port of one machine, which the process of rank 0 opens. With a prefix whoever started the processes has opened
    /// it, for all that it starts.
    case port(host: String, port: Int, prefix: String?)
  }

  /// 0 ..< ``size``; the process of rank 0 leads.
  public var rank = 0
  public var size = 1
  /// How many of the group's processes run on this machine.
  public var localSize = 1
  /// Nil for a process alone.
  public var meeting: Meeting?
  /// Whether the environment says how many threads each process has (`OMP_NUM_THREADS`). That torchrun says one where nobody
  /// said anything is no such wish.
  public var hasOwnThreads = false

  /// A process alone.
  public init() {}

  /// More processes than anyone has; keeps a mistyped number from being taken at its word.
  public static let largestSize = 4096
  /// The environment's name for the file of ``Meeting/file(_:)``.
  public static let fileVariable = "UNLEARN_GROUP_FILE"

  /// What the environment tells, in the variables that `torchrun` sets: `WORLD_SIZE`, `RANK`, `LOCAL_WORLD_SIZE`,
  /// `MASTER_ADDR` and `MASTER_PORT`. Without the first of them, or in a world of one, this process is alone.
  /// - Throws: ``Failure`` of kind `usage` naming the variable that is missing or wrong.
  public init(environment: [String: String]) throws {
    func text(_ name: String) throws -> String {
      guard let text = environment[name], !text.isEmpty else {
        throw Self.wrong(name, "expected a value, as WORLD_SIZE has one; it is not set")
      }
      return text
    }
    func number(_ name: String, _ range: ClosedRange<Int>) throws -> Int {
      let found = try text(name)
      guard let number = Int(found), range.contains(number) else {
        throw Self.wrong(name, "expected \(range.lowerBound) to \(range.upperBound), found '\(found.shown)'")
      }
      return number
    }
    guard let world = environment["WORLD_SIZE"], !world.isEmpty else { return }
    size = try number("WORLD_SIZE", 1...Self.largestSize)
    guard size > 1 else { return }
    rank = try number("RANK", 0...(size - 1))
    let threads = environment["OMP_NUM_THREADS"]
    hasOwnThreads = threads != nil && !(threads == "1" && environment["TORCHELASTIC_RUN_ID"] != nil)
    localSize = environment["LOCAL_WORLD_SIZE"] == nil ? 1 : try number("LOCAL_WORLD_SIZE", 1...size)
    if let path = environment[Self.fileVariable] {
      meeting = .file(path)
      return
    }
    // torchrun may serve the meeting place itself, under another prefix when it has started the processes anew.
    let isServed = environment["TORCHELASTIC_USE_AGENT_STORE"] == "True"
    let attempt = environment["TORCHELASTIC_RESTART_COUNT"] ?? "0"
    meeting = .port(
      host: try text("MASTER_ADDR"), port: try number("MASTER_PORT", 1...65535),
      prefix: isServed ? "/worker/attempt_\(attempt)" : nil)
  }

  public var leads: Bool { rank == 0 }

  private static func wrong(_ name: String, _ message: String) -> Failure {
    Failure(
      .usage, at: Location(file: "environment", field: name), message,
      hint: "torchrun and 'unlearn launch' set it; unset WORLD_SIZE for a run in one process")
  }
}
