import ArgumentParser
import Basics

/// The names of commands, looked at before anything else: the parser would otherwise blame the options of one that is
/// mistyped.
enum CommandNames {
  /// Of the command line's contract, and not in this version.
  private static let absent = ["audit", "certify", "verify", "forget", "serve", "clean", "fetch"]

  /// - Throws: ``Failure`` of kind `usage` naming the first word that is no command, and the nearest that is.
  static func check(_ arguments: [String]) throws {
    var words = arguments[...]
    if words.first == "help" { words = words.dropFirst() }
    try check(&words, of: Unlearn.self, after: "unlearn")
  }

  private static func check(
    _ words: inout ArraySlice<String>, of parent: any ParsableCommand.Type, after command: String
  ) throws {
    let children = parent.configuration.subcommands
    guard !children.isEmpty, let word = words.popFirst(), !word.hasPrefix("-") else { return }
    if let child = children.first(where: { $0._commandName == word }) {
      return try check(&words, of: child, after: "\(command) \(word)")
    }
    guard word != "help" else { return }
    let names = children.map { $0._commandName }
    if absent.contains(word), command == "unlearn" {
      throw Failure(
        .usage, "the command '\(word)' is not in this version", hint: "'unlearn help' lists those that are")
    }
    let nearest = nearestName(to: word, in: names).map { "did you mean '\(command) \($0)'? " } ?? ""
    throw Failure(
      .usage, "expected a command of '\(command)', found '\(word.shown)'",
      hint: "\(nearest)'\(command) --help' lists them")
  }
}
