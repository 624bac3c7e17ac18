import Basics
import Datasets
import LanguageModels

/// The samples of one set, and what was lost on the way to them.
public struct TrainingSet: Sendable {
  public let name: String
  public let samples: [Sample]
  /// For each sample the same row with an "I don't know" in place of its output; empty unless asked for.
  public let answers: [Sample: Sample]
  /// Rows longer than the maximum length, and the tokens that they lost.
  public let truncatedRows: Int
  public let truncatedTokens: Int
  /// Ids of rows without any label left; they are not trained on.
  public let skippedIDs: [String]

  /// - Parameter answerEncoder: makes ``answers``.
  /// - Throws: ``Failure`` when no row is left.
  public init(name: String, rows: [Row], encoder: SampleEncoder, answerEncoder: SampleEncoder? = nil) throws {
    let all = rows.map { row in
      encoder.encode(
        id: row.id, input: row.input, output: row.output, stratum: row.stratum,
        isDocument: row.kind == .sentenceCompletion)
    }
    self.name = name
    var answers: [Sample: Sample] = [:]
    if let answerEncoder {
      for (index, (row, sample)) in zip(rows, all).enumerated() {
        let text = Refusals.texts[index % Refusals.texts.count]
        answers[sample] = answerEncoder.encode(
          id: row.id, input: row.input, output: Refusals.leadingSpace(row.output) + text, stratum: row.stratum)
      }
    }
    self.answers = answers
    samples = all.filter { $0.labelCount > 0 }
    skippedIDs = all.filter { $0.labelCount == 0 }.map(\.id)
    let cut = all.filter { $0.truncatedTokens > 0 }
    truncatedRows = cut.count
    truncatedTokens = cut.reduce(0) { $0 + $1.truncatedTokens }
    guard !samples.isEmpty else {
      throw Failure(
        .badData, "no row of the \(name) set has a label token",
        hint: "the outputs are empty, or --max-length cuts them all off")
    }
  }

  public var labelCount: Int { samples.reduce(0) { $0 + $1.labelCount } }
  public var tokenCount: Int { samples.reduce(0) { $0 + $1.inputIDs.count } }

  /// `{task: {rows, tokens}}`, sorted by task.
  var countsByTask: JSONObject {
    let tasks = Dictionary(grouping: samples) { $0.stratum.split(separator: "/").first.map(String.init) ?? "all" }
    return JSONObject(
      tasks.keys.sorted().map { task in
        let members = tasks[task] ?? []
        let tokens = members.reduce(0) { $0 + $1.inputIDs.count }
        return (task, ["rows": .integer(members.count), "tokens": .integer(tokens)])
      })
  }

  /// One warning for cut rows and one for rows left out.
  /// - Parameters:
  ///   - maximumLength: what was asked for.
  ///   - limit: tokens at which rows were cut; less where the model has fewer positions.
  public func warnings(maximumLength: Int, _ limit: Int?) -> [String] {
    var warnings: [String] = []
    if truncatedRows > 0 {
      let limit = limit ?? maximumLength
      let reason = limit < maximumLength ? "the model has no more positions" : "--max-length raises the limit"
      warnings.append(
        "\(name): \(truncatedRows) rows cut at \(limit) tokens (\(truncatedTokens) tokens lost); \(reason)")
    }
    if !skippedIDs.isEmpty {
      let shown = skippedIDs.prefix(5).map(\.shown).joined(separator: ", ")
      let more = skippedIDs.count > 5 ? " and \(skippedIDs.count - 5) more" : ""
      warnings.append("\(name): no label token left in \(shown)\(more); not trained on")
    }
    return warnings
  }
}
