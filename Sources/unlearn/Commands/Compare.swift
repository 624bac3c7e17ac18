import ArgumentParser
import Basics
import Evaluation
import Foundation
import Unlearning

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs and evaluations side by side.",
    discussion: """
      Takes run folders (their figures after the run; --before adds those before) and folders of evaluate.

      Examples:
        unlearn compare runs/first runs/second
        unlearn compare runs/* --published 1B --format csv
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, csv, markdown, html
  }

  @Argument(help: ArgumentHelp("Run folders, or folders of evaluate.", valueName: "run")) var runs: [String]
  @Flag(help: "Also show each run's figures before it.") var before = false
  @Option(help: "Add the challenge's published results of this model size: 7B or 1B.") var published: String?
  @Option(help: "text, csv, markdown or html.") var format = Format.text
  @Option(help: ArgumentHelp("File to write; standard output by default.", valueName: "path")) var output: String?
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard !runs.isEmpty else { throw ValidationError("expected at least one run folder") }
    if let published, !["7B", "1B"].contains(published) {
      throw ValidationError("--published: expected 7B or 1B, found '\(published)'")
    }
  }

  func run() throws {
    var columns: [Comparison.Column] = []
    for run in runs { columns += try Comparison.columns(of: run, before: before) }
    for row in PublishedScores.all where row.model == published {
      columns.append(Comparison.Column(name: "\(row.system) \(row.model), published", figures: row.figures, facts: []))
    }
    let text = Comparison.text(columns, as: format)
    if let output {
      let folders = runs.flatMap { run in [run] + ["before", "after"].map { "\(run)/evaluation/\($0)" } }
      let read = try folders.filter(Folder.exists).flatMap { folder in
        try Folder.names(folder).map { "\(folder)/\($0)" }
      }
      try AtomicFile.write(text, to: output, keeping: read)
      print("written: \(output)")
    } else {
      print(text, terminator: "")
    }
  }
}
