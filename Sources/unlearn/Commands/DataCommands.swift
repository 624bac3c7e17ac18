import ArgumentParser
import Basics
import Datasets
import Tokenizers

struct DataCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Look at, check and make data sets.", subcommands: [Describe.self])

  struct Describe: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Count rows, and token lengths when a model is given, per task.",
      discussion: "Example:\n  unlearn data describe --data DIR --model MODEL")
    @Option(help: ArgumentHelp("A file, or a folder of sets.", valueName: "path")) var data: String
    @Option(help: ArgumentHelp("Model folder, for token lengths.", valueName: "dir")) var model: String?
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func run() throws {
      let tokenizer = try model.map { try Tokenizer(folder: ModelFolder.resolve($0, progress: common.progress)) }
      let length = tokenizer.map { tokenizer in { (text: String) in tokenizer.encode(text).count } }
      let sets = try DataSource.sets(at: data).map { (name: $0.name, rows: try RowReader.read($0.paths)) }
      let description = DataDescription(sets: sets, tokenLength: length)
      print(json ? description.jsonValue.text(indented: true) : description.text)
    }
  }
}
