import ArgumentParser
import Basics
import Datasets
import Tokenizers

struct DataCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Look at, check and make data sets.",
    discussion: "Example:\n  unlearn data validate --data DIR",
    subcommands: [Describe.self, Validate.self, Synthesize.self])

  struct Describe: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Count rows, and token lengths when a model is given, per task.",
      discussion: "Example:\n  unlearn data describe --data DIR --model MODEL")
    @Option(help: ArgumentHelp("A file, or a folder of sets.", valueName: "path")) var data: String
    @Option(help: ArgumentHelp("Model folder, for token lengths.", valueName: "dir")) var model: String?
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func run() throws {
      let tokenizer = try model.map {
        try Tokenizer(folder: ModelFolder.resolve($0, runs: false, progress: common.progress))
      }
      let length = tokenizer.map { tokenizer in { (text: String) in tokenizer.encode(text).count } }
      let description = try DataDescription.read(data, tokenLength: length)
      print(json ? description.jsonValue.text(indented: true) : description.text)
    }
  }

  struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check rows; names file, line and field of everything that is wrong.",
      discussion: "Example:\n  unlearn data validate --data DIR")
    @Option(help: ArgumentHelp("A file, or a folder of sets.", valueName: "path")) var data: String
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func run() throws {
      let validation = try DataValidation.check(data)
      if json {
        print(validation.jsonValue.text(indented: true))
      } else {
        for finding in validation.findings { print(finding) }
        print("\(validation.rowCount) rows, \(validation.errorCount) errors, \(validation.warningCount) warnings")
      }
      guard !validation.isValid else { return }
      let first = validation.findings.first { $0.severity == .error }
      throw Failure(
        .badData, at: first?.location ?? Location(file: data),
        validation.errorCount == 1
          ? first?.message ?? "one error" : "\(first?.message ?? "") (the first of \(validation.errorCount) errors)",
        hint: validation.errorCount == 1 ? first?.hint : "standard output lists them with what to do")
    }
  }

  struct Synthesize: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a fictitious data set in the official schema.",
      discussion: """
        Stories, biographies with invented personal data and encyclopaedic paragraphs; equal seeds give equal bytes.
        Besides the sets it holds mia/member.jsonl and mia/nonmember.jsonl for --mia, and mia/unseen.jsonl for
        run --unseen.

        Example:
          unlearn data synthesize --output data --preset demo --seed 7
        """)
    @Option(help: ArgumentHelp("Folder to make.", valueName: "dir")) var output: String
    @Option(help: "Size: standard or demo.") var preset = SynthesisOptions.Preset.standard
    @Option(parsing: .unconditional, help: "Seed of everything random.") var seed = 0
    @Option(parsing: .unconditional, help: "Documents of each task in each train set.") var documents: Int?
    @OptionGroup var common: CommonOptions

    func run() throws {
      var options = preset.options(seed: seed)
      if let documents {
        guard (1...100_000).contains(documents) else {
          throw Failure(
            .usage, at: .commandLine("--documents"),
            "expected a number from 1 to 100000, found \(documents)")
        }
        options.documentsPerTask = documents
      }
      var table = TextTable(columns: [.init("file", .left), .init("rows")])
      for (file, rows) in try Synthesizer.write(to: output, options: options) { table.add([file, String(rows)]) }
      print(table.text + "written: \(output)")
    }
  }
}

extension SynthesisOptions.Preset: ExpressibleByArgument {}
