import ArgumentParser
import Basics
import Torch

struct Launch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run or memorize in several processes of this machine.",
    discussion: """
      Each process computes its share of every step's rows, and all take the step together: the run is that of one process
      but for rounding. The first process evaluates and writes. The cores are shared among them, unless --threads or
      OMP_NUM_THREADS says how many each has. Over several machines the command behind -- runs under torchrun as it is.

      Example:
        unlearn launch --nproc 2 -- run --model MODEL --forget forget.jsonl --retain retain.jsonl --output runs/first
      """)

  @Option(parsing: .unconditional, help: ArgumentHelp("Number of processes.", valueName: "n"))
  var nproc: Int
  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("'run' or 'memorize' with its options, behind --.", valueName: "command"))
  var command: [String]
  @OptionGroup var common: CommonOptions

  private static let commands = [Run._commandName, Memorize._commandName]

  func validate() throws {
    guard (1...GroupMembership.largestSize).contains(nproc) else {
      throw ValidationError("--nproc: expected 1 to \(GroupMembership.largestSize), found \(nproc)")
    }
    let name = command.first.map { "'\($0.shown)'" } ?? "nothing"
    guard let first = command.first, Self.commands.contains(first) else {
      throw ValidationError("expected \(Self.commands.joined(separator: " or ")) behind '--', found \(name)")
    }
  }

  /// The command with the options that were given before it, which its own go before.
  private func own(_ command: [String]) -> [String] {
    command.prefix(1) + common.arguments + command.dropFirst()
  }

  func run() throws {
    Interruption.count()
    let status = try ProcessLauncher(own(command), count: nproc, progress: common.progress).run()
    if status != 0 { throw ExitCode(status) }
  }
}
