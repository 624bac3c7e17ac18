import ArgumentParser
import Basics

extension Location {
  /// An option on the command line, for errors that are found after it was parsed.
  static func commandLine(_ option: String? = nil) -> Location { Location(file: "command line", field: option) }
}

/// What every command takes.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print warnings and errors only.") var quiet = false
  @Flag(help: "Print more of what is going on.") var verbose = false
  @Option(help: "Form of progress and log on stderr: text or json.") var logFormat = "text"

  func validate() throws {
    guard ConsoleProgress.Format(rawValue: logFormat) != nil else {
      throw ValidationError("--log-format: expected text or json, found '\(logFormat)'")
    }
  }

  /// These as arguments of a command that is started from here.
  var arguments: [String] {
    (quiet ? ["--quiet"] : []) + (verbose ? ["--verbose"] : [])
      + (logFormat == "text" ? [] : ["--log-format", logFormat])
  }

  var progress: ConsoleProgress { progress(level: quiet ? .warning : verbose ? .debug : .info) }

  func progress(level: LogLevel) -> ConsoleProgress {
    ConsoleProgress(level: level, format: ConsoleProgress.Format(rawValue: logFormat) ?? .text)
  }
}
