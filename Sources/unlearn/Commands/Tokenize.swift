import ArgumentParser
import Basics
import Datasets
import Tokenizers

struct Tokenize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Token ids of texts, as the model's tokenizer gives them.",
    discussion: """
      Reads rows {text}, writes rows {ids, decoded}.

      Example:
        unlearn tokenize --model MODEL --data texts.jsonl --output ids.jsonl
      """)

  @Option(help: ArgumentHelp("Folder with tokenizer.json, or a .gguf file.", valueName: "dir")) var model: String
  @Option(help: ArgumentHelp("Rows as JSON lines.", valueName: "jsonl")) var data: String
  @Option(help: ArgumentHelp("File to write.", valueName: "jsonl")) var output: String
  @OptionGroup var uniform: UniformOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let progress = common.progress
    let tokenizer = try Tokenizer(folder: try ModelFolder.resolve(model, runs: false, progress: progress))
    let file = try AtomicFile(path: output, keeping: [data])
    var rows = 0
    progress.begin("tokenize", total: nil, unit: "rows")
    try JSONLines.read(data) { object, location in
      let ids = tokenizer.encode(try object.string("text", at: location), addSpecialTokens: true)
      let decoded = tokenizer.decode(ids, skipSpecialTokens: false, cleanUpTokenizationSpaces: false)
      let row = JSONObject([("ids", .array(ids.map(JSONValue.integer))), ("decoded", .string(decoded))])
      try file.write(JSONValue.object(row).text() + "\n")
      rows += 1
      progress.advance(by: 1, detail: nil)
    }
    progress.finish()
    guard rows > 0 else { throw InputRows.noRow(data) }
    try file.commit()
  }
}
