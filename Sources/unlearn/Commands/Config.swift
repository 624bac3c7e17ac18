import ArgumentParser
import Basics
import Unlearning

struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show and check configurations.", discussion: "Example:\n  unlearn config explain",
    subcommands: [Show.self, Check.self, Explain.self])

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the defaults, or a file's configuration with the defaults filled in.",
      discussion: "Example:\n  unlearn config show configs/default.yaml")
    @Argument(help: "Configuration file.") var file: String?
    @OptionGroup var common: CommonOptions

    func run() throws {
      let configuration = try file.map { try ConfigurationFile.read($0, over: RunConfiguration()).0 }
      print(ConfigurationFile.text(configuration ?? RunConfiguration()), terminator: "")
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check a configuration file.", discussion: "Example:\n  unlearn config check configs/default.yaml")
    @Argument(help: "Configuration file.") var file: String
    @OptionGroup var common: CommonOptions

    func run() throws {
      let (configuration, keys) = try ConfigurationFile.read(file, over: RunConfiguration())
      try configuration.requireConsistent(.badData, at: Location(file: file))
      print("\(file): \(keys.count) keys, all known")
    }
  }

  struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say what each key means; of named ones also which values they take.",
      discussion: "Example:\n  unlearn config explain retain-budget")
    @Argument(help: "Keys; all by default.") var keys: [String] = []
    @OptionGroup var common: CommonOptions

    func run() throws {
      for key in keys where Setting.named(key) == nil {
        let suggestion = nearestName(to: key, in: Setting.all.map(\.key))
        throw Failure(
          .usage, at: Location(field: key), "unknown key", hint: suggestion.map { "did you mean '\($0)'?" })
      }
      let defaults = RunConfiguration()
      guard keys.isEmpty else {
        for setting in Setting.all where keys.contains(setting.key) {
          print(
            """
            \(setting.key): \(setting.help)
              default  \(setting.text(defaults) ?? "none")
              values   \(setting.expected)
            """)
        }
        return
      }
      var table = TextTable(columns: [.init("key", .left), .init("default", .left), .init("meaning", .left)])
      for setting in Setting.all { table.add([setting.key, setting.text(defaults) ?? "", setting.help]) }
      print("\(table.text)\n'unlearn config explain KEY' says which values it takes, too.")
    }
  }
}
