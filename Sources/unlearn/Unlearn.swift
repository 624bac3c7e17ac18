import ArgumentParser
import Basics
import Foundation
import Torch
import Unlearning

/// The program: parsing, exit codes and the one place where errors are printed.
@main
struct Unlearn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlearn",
    abstract: "Make a language model forget chosen data, and show that it has.",
    discussion: """
      Example:
        unlearn run --model MODEL --forget forget.jsonl --retain retain.jsonl --output runs/first
      """,
    version: RunRecord.version,
    subcommands: [
      Run.self, Memorize.self, Evaluate.self, Compare.self, Score.self, Generate.self, Tokenize.self, Merge.self,
      Convert.self, DataCommands.self,
      Config.self, Methods.self, Bench.self, Doctor.self,
    ])

  static func main() {
    // Both are then errors of the write itself, which names its file.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot(ChallengeOptions.translated(Array(CommandLine.arguments.dropFirst())))
      try command.run()
    } catch let failure as Failure {
      report(failure.description)
      Foundation.exit(failure.kind.exitCode)
    } catch let error as TorchError {
      report(error.description)
      Foundation.exit(Failure.Kind.fault.exitCode)
    } catch {
      exit(withError: error)
    }
  }

  private static func report(_ message: String) {
    FileHandle.standardError.write(Data("error: \(message)\n".utf8))
  }
}
