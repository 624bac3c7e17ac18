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
      Config.self, Methods.self, Launch.self, Bench.self, Doctor.self,
    ])

  static func main() {
    // Both are then errors of the write itself, which names its file.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    StandardError.occupy()
    Interruption.endAtOnce()
    Runtime.onFailure { library, reason in
      let names = [library, reason].map { $0.map { String(cString: $0) } ?? "" }
      Unlearn.report(
        Failure(
          .fault, at: Location(file: names[0]), names[1],
          hint: "'make build' sets up LibTorch and builds the library beside the program"
        ).description)
      Aside.removeAll()
      Unlearn.quit(Failure.Kind.fault.exitCode)
    }
    do {
      let arguments = ChallengeOptions.translated(Array(CommandLine.arguments.dropFirst()))
      try CommandNames.check(arguments)
      var command = try parseAsRoot(arguments)
      try command.run()
      try StandardOutput.finish()
      quit(0)
    } catch let failure as Failure {
      report(failure.description)
      quit(failure.kind.exitCode)
    } catch let code as ExitCode {
      quit(code.rawValue)
    } catch let error as TorchError {
      report(Failure(.fault, error.description, hint: memoryAdvice(error)).description)
      quit(Failure.Kind.fault.exitCode)
    } catch {
      // Help and the version are errors to the parser too.
      if exitCode(for: error) == .success { showHelp(fullMessage(for: error)) }
      report(usageError(fullMessage(for: error)))
      quit(exitCode(for: error).rawValue)
    }
  }

  /// Ends the program, with what was printed on its way, and without the destructors of LibTorch: they take time, and it
  /// may still be loading (``Runtime/preload()``).
  private static func quit(_ code: Int32) -> Never {
    fflush(nil)
    _exit(code)
  }

  /// Help or the version, on standard output.
  private static func showHelp(_ text: String) -> Never {
    print(text)
    do {
      try StandardOutput.finish()
    } catch {
      report(String(describing: error))
      quit(Failure.Kind.cannotWrite.exitCode)
    }
    quit(0)
  }

  /// What to do where LibTorch asked for memory and got none.
  private static func memoryAdvice(_ error: TorchError) -> String? {
    guard error.reason.contains("allocate memory") || error.reason.contains("out of memory") else { return nil }
    return "the memory is used up; give --batch-size a smaller number, or the configuration tokens-per-pass"
  }

  /// The parser's message in the form of all others: its label left out, what it says of help as the hint.
  private static func usageError(_ message: String) -> String {
    var lines = message.split(separator: "\n").map(String.init)
    if let first = lines.first, first.hasPrefix("Error: ") { lines[0] = String(first.dropFirst("Error: ".count)) }
    let quoted = lines.last.flatMap { $0.hasPrefix("  See '") ? $0.split(separator: "'").dropFirst().first : nil }
    if quoted != nil { lines.removeLast() }
    let meant = lines.first.flatMap(misspelt).map { "\($0) " } ?? ""
    return (lines + ["hint: \(meant)see '\(quoted ?? "unlearn --help")'"]).joined(separator: "\n")
  }

  /// The parser calls an option missing that was given with a slip in it.
  private static func misspelt(_ message: String) -> String? {
    guard message.hasPrefix("Missing"), let wanted = message.firstMatch(of: /'(--[a-z-]+)/)?.1 else { return nil }
    let given = CommandLine.arguments.filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "=" }) }
    let slip = given.first { $0 != wanted && nearestName(to: $0, in: [String(wanted)]) != nil }
    return slip.map { "did you mean '\(wanted)' by '\($0.shown)'?" }
  }

  private static func report(_ message: String) {
    guard wantsJSON else { return StandardError.write("error: \(message)\n") }
    let parts = message.split(separator: "\nhint: ", maxSplits: 1).map(String.init)
    var object = JSONObject([("level", "error"), ("message", .string(parts.first ?? message))])
    if parts.count > 1 { object["hint"] = .string(parts[1]) }
    StandardError.write(JSONValue.object(object).text() + "\n")
  }

  /// Asked of the arguments themselves: an error may be that they cannot be parsed.
  private static var wantsJSON: Bool {
    let arguments = CommandLine.arguments
    return arguments.contains("--log-format=json")
      || zip(arguments, arguments.dropFirst()).contains { $0 == "--log-format" && $1 == "json" }
  }
}
