/// The names that the challenge's own entry point has for the options of `run`: SemEval-2025 Task 4 starts every system with
/// them. They are accepted and not shown in the help.
enum ChallengeOptions {
  private static let names = [
    "--model-path": "--model", "--output-path": "--output", "--forget-dir": "--forget", "--retain-dir": "--retain",
  ]

  /// The arguments of `run` with the challenge's names replaced; others as they are.
  static func translated(_ arguments: [String]) -> [String] {
    guard arguments.first == "run" else { return arguments }
    return arguments.map { argument in
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let first = parts.first, let name = names[String(first)] else { return argument }
      return ([name] + parts.dropFirst().map(String.init)).joined(separator: "=")
    }
  }
}
