import Basics
import LanguageModels

/// A model as the suites use it: batches of samples scored and prompts continued, with a bar for each.
struct SuiteModel {
  let model: LanguageModel
  /// Tokens packed into one pass.
  let tokensPerPass: Int
  /// Rows generated together.
  let batchSize: Int
  let progress: any ProgressObserver

  /// Runs `body` as one piece of work of `count` rows.
  private func work<Result>(_ task: String, _ count: Int, _ body: () throws -> Result) rethrows -> Result {
    progress.begin(task, total: count, unit: "rows")
    defer { progress.finish() }
    return try body()
  }

  /// Mean loss of each sample's labels.
  /// - Throws: ``Failure`` naming the row for a sample that is too long for the model or has no label.
  func losses(_ samples: [Sample], task: String) throws -> [Double] {
    try require(samples, task)
    return try work(task, samples.count) {
      try RowScorer(model.decoder, maximumTokens: tokensPerPass).score(samples, progress: progress).map {
        $0.nll ?? .nan
      }
    }
  }

  /// The figures of each sample's label tokens.
  /// - Throws: as ``losses(_:task:)``.
  func tokens(_ samples: [Sample], task: String) throws -> [TokenScorer.Scores] {
    try require(samples, task)
    return try work(task, samples.count) {
      try TokenScorer(model.decoder, maximumTokens: tokensPerPass).score(samples, progress: progress)
    }
  }

  func gradientNorms(_ samples: [Sample], task: String) throws -> [GradientNormScorer.Norm?] {
    try work(task, samples.count) {
      try GradientNormScorer(model.decoder).score(samples) { progress.advance(by: 1, detail: nil) }
    }
  }

  /// Greedy continuations, decoded as the official evaluation does: special tokens skipped, spaces cleaned up.
  /// - Throws: ``Failure`` naming the row for a prompt without tokens or too long for the model.
  func continuations(_ prompts: [(id: String, ids: [Int])], newTokens: Int, task: String) throws -> [String] {
    for prompt in prompts {
      guard !prompt.ids.isEmpty else {
        throw Failure(.badData, at: Location(field: task), "row \(prompt.id): the prompt has no token to start from")
      }
      try requireFits(prompt.ids.count, id: prompt.id, task)
    }
    return try work(task, prompts.count) {
      let generator = GreedyGenerator(
        model.decoder, endOfText: model.endOfTextIDs, maximumNewTokens: newTokens, batchSize: batchSize)
      return try generator.generate(prompts.map(\.ids), progress: progress).map(text)
    }
  }

  func text(_ ids: [Int]) -> String {
    model.tokenizer.decode(ids, skipSpecialTokens: true, cleanUpTokenizationSpaces: true)
  }

  private func require(_ samples: [Sample], _ task: String) throws {
    for sample in samples {
      try requireFits(sample.inputIDs.count, id: sample.id, task)
      guard sample.labelCount > 0 else {
        throw Failure(
          .badData, at: Location(field: task), "row \(sample.id) has no token whose loss could be taken",
          hint: "its text is empty, or too short for the model's tokenizer")
      }
    }
  }

  private func requireFits(_ count: Int, id: String, _ task: String) throws {
    let positions = model.architecture.maximumPositions
    guard count <= positions else {
      throw Failure(
        .badData, at: Location(field: task), "row \(id) has \(count) tokens, but the model only \(positions) positions",
        hint: "shorten the row, or take it out of the set")
    }
  }
}
