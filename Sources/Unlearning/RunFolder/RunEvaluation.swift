import Basics
import Datasets
import Evaluation
import Foundation
import LanguageModels

/// The evaluation of a run before and after: `evaluation/before`, `evaluation/after`, each with one file of row scores
/// a set and a summary. A moment that is already there is not done again.
struct RunEvaluation {
  let folder: String
  let configuration: RunConfiguration
  let encoder: SampleEncoder
  let progress: any ProgressObserver

  func evaluate(_ model: LanguageModel, forget: [Row], retain: [Row], name: String) throws -> EvaluationPair {
    let target = "\(folder)/\(name)"
    let summaryPath = "\(target)/summary.json"
    if FileManager.default.fileExists(atPath: summaryPath) { return try read(summaryPath) }
    var results: [(side: String, result: SampleEvaluation)] = []
    for (side, rows) in [("forget", forget), ("retain", retain)] where !rows.isEmpty {
      let result = try SampleEvaluation.run(
        model, rows: rows, encoder: encoder, count: configuration.evaluationRows,
        maximumNewTokens: configuration.maximumNewTokens, seed: configuration.seed, name: "\(name), \(side)",
        progress: progress)
      results.append((side, result))
    }
    try Folder.writeAtomically(target, replacing: true) { aside in
      for (side, result) in results {
        let reveals = configuration.revealsForgetText
        let lines = result.jsonLines(revealing: reveals).map { JSONValue.object($0).text() + "\n" }
        try AtomicFile.write(lines.joined(), to: "\(aside)/\(side).jsonl")
      }
      let summary = JSONObject(results.map { ($0.side, .object($0.result.summary)) })
      try AtomicFile.write(JSONValue.object(summary).text(indented: true) + "\n", to: "\(aside)/summary.json")
    }
    return try read(summaryPath)
  }

  private func read(_ path: String) throws -> EvaluationPair {
    let value = try JSONParser.parse(file: path)
    func scores(_ side: String) -> EvaluationPair.Scores {
      EvaluationPair.Scores(value.objectValue?[side]?.objectValue ?? JSONObject())
    }
    return EvaluationPair(forget: scores("forget"), retain: scores("retain"))
  }
}
