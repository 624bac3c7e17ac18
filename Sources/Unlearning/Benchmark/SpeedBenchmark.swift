import Basics
import Datasets
import Evaluation
import Foundation
import LanguageModels
import Torch

/// The speed of one job on this machine, as `unlearn bench` shows it: the same code that `run`, `score`, `generate` and
/// `evaluate` use, on rows that the caller gives, some rounds of it, and the median.
public struct SpeedBenchmark {
  public enum Job: String, Sendable, CaseIterable {
    /// NGDiff steps under LoRA: forward and backward of both sets, combination, optimiser.
    case step
    /// Mean losses of all rows.
    case score
    /// Greedy continuations.
    case generate
    /// Few-shot questions.
    case mmlu
  }

  public struct Options: Sendable {
    public var batchSize = 8
    /// Counted rounds.
    public var repeats = 5
    /// Rounds before them that are not counted.
    public var warmUp = 1
    public var maximumNewTokens = 64
    public var shots = 5
    /// Runs the head of an MMLU prompt again for each question, to measure what sharing it saves.
    public var sharesPrefix = true
    /// A training step runs each layer again in its backward pass.
    public var checkpointsActivations = false
    public var seed = 0

    public init() {}
  }

  private let model: LanguageModel
  private let options: Options
  private let progress: any ProgressObserver

  public init(_ model: LanguageModel, options: Options, progress: any ProgressObserver) {
    self.model = model
    self.options = options
    self.progress = progress
  }

  /// What one round did.
  private struct Round {
    var tokens = 0
    var labels = 0
    /// New tokens, or questions.
    var items = 0
    var operations = 0.0
  }

  public func steps(_ rows: [Row]) throws -> JSONObject {
    guard rows.count >= 2 else {
      throw Failure(.badData, at: Location(field: "--data"), "expected at least two rows, found \(rows.count)")
    }
    var configuration = RunConfiguration()
    // What is compared elsewhere: the NLL of both sets, one direction.
    configuration.method = .ngdiff
    configuration.batchSize = options.batchSize
    configuration.forgetBound = nil
    configuration.retainBudget = nil
    configuration.learningRate = 1e-6
    configuration.seed = options.seed
    let encoder = SampleEncoder(model, maximumLength: configuration.maximumLength)
    // Every other row is forgotten: one pass over both halves is one round.
    let samples = try TrainingSet(name: "benchmark", rows: rows, encoder: encoder).samples
    let (forget, retain) = (samples.indices.filter { $0 % 2 == 0 }, samples.indices.filter { $0 % 2 == 1 })
    let perRound = (forget.count + options.batchSize - 1) / options.batchSize
    configuration.steps = perRound * (options.repeats + options.warmUp)
    configuration.matchesRetain = false
    configuration.checkpointsActivations = options.checkpointsActivations
    let trainer = try Trainer(
      model, configuration, retain: retain.map { samples[$0] }, forget: forget.map { samples[$0] })
    let work = WorkCount(model.decoder)
    let share = Double(samples.reduce(0) { $0 + $1.labelCount }) / Double(samples.reduce(0) { $0 + $1.inputIDs.count })
    return try measure(.step) {
      var round = Round()
      let before = trainer.state.tokens
      for _ in 0..<perRound { _ = try trainer.step() }
      round.tokens = trainer.state.tokens - before
      round.labels = Int(Double(round.tokens) * share)
      round.operations = work.adapterStep(tokens: round.tokens, labels: round.labels)
      return round
    }
  }

  public func scores(_ rows: [Row]) throws -> JSONObject {
    let encoder = SampleEncoder(model)
    let samples = rows.map { encoder.encode(id: $0.id, input: $0.input, output: $0.output) }
    guard samples.contains(where: { $0.labelCount > 0 }) else {
      throw Failure(.badData, at: Location(field: "--data"), "expected rows with an output, found none")
    }
    let work = WorkCount(model.decoder)
    return try measure(.score) {
      _ = try RowScorer(model.decoder).score(samples)
      let tokens = samples.reduce(0) { $0 + $1.inputIDs.count }
      let labels = samples.reduce(0) { $0 + $1.labelCount }
      return Round(
        tokens: tokens, labels: labels, items: samples.count,
        operations: work.forward(tokens: tokens, predictions: labels))
    }
  }

  /// Exactly `maximumNewTokens` new tokens a row: nothing ends a row early.
  public func generations(_ rows: [Row]) throws -> JSONObject {
    let encoder = SampleEncoder(model)
    let prompts = rows.map { encoder.prompt($0.input) }.filter { !$0.isEmpty }
    guard !prompts.isEmpty else {
      throw Failure(.badData, at: Location(field: "--data"), "expected rows with an input, found none")
    }
    let generator = GreedyGenerator(
      model.decoder, endOfText: [], maximumNewTokens: options.maximumNewTokens, batchSize: options.batchSize)
    let work = WorkCount(model.decoder)
    return try measure(.generate) {
      let new = try generator.generate(prompts).reduce(0) { $0 + $1.count }
      let tokens = prompts.reduce(0) { $0 + $1.count } + new - prompts.count
      return Round(
        tokens: tokens, labels: new, items: new, operations: work.forward(tokens: tokens, predictions: new))
    }
  }

  /// - Parameters:
  ///   - subjects: those to ask; all when empty.
  ///   - questions: of each subject, at most.
  public func mmlu(_ data: MMLUData, subjects: [String], questions: Int) throws -> JSONObject {
    for name in subjects where !MMLUSubject.all.contains(name) {
      let nearest = nearestName(to: name, in: MMLUSubject.all).map { "did you mean '\($0)'?" }
      throw Failure(.usage, at: Location(field: "--subjects"), "unknown subject '\(name)'", hint: nearest)
    }
    let asked = subjects.isEmpty ? MMLUSubject.all : subjects
    var chosen: [String: [Int]] = [:]
    for subject in data.subjects where asked.contains(subject.name) {
      chosen[subject.name] = Array(subject.questions.indices.prefix(questions))
    }
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    var number = 0
    let work = WorkCount(model.decoder)
    return try measure(.mmlu) {
      number += 1
      let context = EvaluationContext(
        model, journals: folder.path, fingerprint: String(number), progress: SilentObserver())
      let results = try MMLUEvaluation(context, shots: options.shots, sharesPrefix: options.sharesPrefix)
        .run(data, chosen: chosen)
      // The answer is one of four letters: the head is next to nothing.
      return Round(
        tokens: results.tokens, items: results.average.questions,
        operations: work.forward(tokens: results.tokens, predictions: 0))
    }
  }

  private func measure(_ job: Job, _ body: () throws -> Round) throws -> JSONObject {
    let ceiling = try MatrixCeiling.measure(model.decoder.dtype)
    progress.begin("bench \(job.rawValue)", total: options.repeats + options.warmUp, unit: "rounds")
    var seconds: [Double] = []
    var rounds: [Round] = []
    for number in 0..<options.repeats + options.warmUp {
      let start = Date()
      let round = try body()
      if number >= options.warmUp {
        seconds.append(Date().timeIntervalSince(start))
        rounds.append(round)
      }
      progress.advance(by: 1, detail: nil)
    }
    progress.finish()
    let order = seconds.indices.sorted { seconds[$0] < seconds[$1] }
    let middle = order[order.count / 2]
    let (median, round) = (seconds.median ?? seconds[middle], rounds[middle])
    var result = JSONObject([
      ("job", .string(job.rawValue)), ("dtype", .string(model.decoder.dtype.rawValue)),
      ("threads", .integer(Runtime.threads)), ("batch_size", .integer(options.batchSize)),
      ("repeats", .integer(options.repeats)), ("seconds_median", .number(median)),
      ("seconds_min", .number(seconds.min() ?? median)), ("seconds_max", .number(seconds.max() ?? median)),
    ])
    switch job {
    case .step, .score:
      result["real_tokens"] = .integer(round.tokens)
      result["real_tokens_per_second"] = .number(Double(round.tokens) / median)
    case .generate:
      result["new_tokens"] = .integer(round.items)
      result["new_tokens_per_second"] = .number(Double(round.items) / median)
    case .mmlu:
      result["questions"] = .integer(round.items)
      result["questions_per_second"] = .number(Double(round.items) / median)
    }
    if round.operations > 0 {
      result["gflops"] = .number(round.operations / median / 1e9)
      result["utilisation"] = .number(round.operations / median / 1e9 / ceiling)
    }
    result["ceiling_gflops"] = .number(ceiling)
    result["peak_memory_mib"] = .integer(ProcessMemory.peakMebibytes)
    return result
  }
}
