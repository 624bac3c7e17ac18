import Basics
import Evaluation
import Foundation
import LanguageModels

/// The output folder of `evaluate`: journals while it runs, results at the end.
enum EvaluationFolder {
  private static let journals = "unfinished"

  /// Runs `body` with the journals of the folder, writes its results there and prints them.
  /// - Parameters:
  ///   - inputs: files and folders that the results depend on.
  ///   - settings: everything else that they depend on.
  static func write(
    to output: String, of model: LanguageModel, inputs: [String], settings: String, reference: EvaluationSummary?,
    progress: any ProgressObserver, _ body: (EvaluationContext) throws -> EvaluationResults
  ) throws {
    let unfinished = "\(output)/\(journals)"
    try Folder.create(unfinished)
    let context = EvaluationContext(
      model, journals: unfinished, fingerprint: SHA256.hexDigest(of: "\(settings)\n\(try state(inputs))"),
      progress: progress, isInterrupted: { Interruption.isRequested })
    let results = try body(context)
    try results.write(to: output, reference: reference)
    // The challenge's 7B model is the one whose floor is known without the model that it was before.
    let floor = model.architecture.hiddenSize >= 4096 ? OfficialScores.mmluFloor : nil
    for warning in try results.scores(mmluFloor: floor).warnings { progress.log(.warning, warning) }
    if let sample = results.counts.text { print("sample: \(sample)") }
    if let mmlu = results.mmlu { print("MMLU: \(mmlu.shots) shots, \(mmlu.average.questions) questions") }
    var columns = [(name: "value", figures: try results.figures())]
    if let reference { columns.append((name: "reference", figures: reference.figures)) }
    print(FigureTable.text(columns, showsGap: reference != nil))
  }

  /// Writes and prints the result of one suite.
  static func write(_ result: SuiteResult, to output: String) throws {
    try Folder.create(output)
    try result.write(to: "\(output)/\(result.suite).json")
    let figures = result.metrics.map { metric in
      EvaluationResults.Figure(
        group: result.suite, name: metric.name, direction: metric.direction,
        value: metric.aggregate.isFinite ? metric.aggregate : nil)
    }
    print(FigureTable.text([(name: "value", figures: figures)]))
    for (metric, reason) in result.reasons.sorted(by: { $0.key < $1.key }) { print("\(metric): \(reason)") }
  }

  /// All suites are done: what was kept for going on is not needed any more.
  static func finish(_ output: String) {
    try? FileManager.default.removeItem(atPath: "\(output)/\(journals)")
    print("written: \(output)")
  }

  /// A folder with journals may be gone on with, also when a kill came between the files of its results: they are
  /// written anew. What such a kill left of a file is removed.
  static func requireFree(_ output: String) throws {
    let names = Folder.exists(output) ? try Folder.names(output) : []
    if names.contains(journals) { return Aside.removeAbandoned(in: output) }
    try Folder.requireFree(output)
  }

  /// Names, sizes and times of change of the inputs, and of what lies in those that are folders.
  private static func state(_ inputs: [String]) throws -> String {
    var lines: [String] = []
    func add(_ path: String) {
      let attributes = (try? FileManager.default.attributesOfItem(atPath: path)) ?? [:]
      let size = (attributes[.size] as? NSNumber)?.int64Value ?? 0
      let changed = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      lines.append("\(path) \(size) \(changed)")
    }
    for input in inputs {
      if Folder.exists(input) {
        for name in try Folder.names(input) { add("\(input)/\(name)") }
      } else {
        add(input)
      }
    }
    return lines.joined(separator: "\n")
  }
}

/// `evaluate --generations`: the official scores of stored rows.
enum StoredEvaluation {
  static func score(
    _ generations: String, miaScores: String?, mmluMetrics: String?, output: String, progress: any ProgressObserver
  ) throws {
    let scores = try OfficialScores.recompute(
      generationsFolder: generations, miaScores: miaScores, mmluMetrics: mmluMetrics)
    guard !FileManager.default.fileExists(atPath: "\(output)/\(EvaluationSummary.fileName)") else {
      throw Failure(
        .cannotWrite, at: Location(file: output), "the folder holds the evaluation of a model",
        hint: "choose another output folder: scores of stored rows would replace that evaluation's own")
    }
    try Folder.create(output)
    try AtomicFile.write(scores.jsonText, to: "\(output)/evaluation_results.jsonl")
    try AtomicFile.write(JSONValue.object(scores.metricsJSON).text(indented: true) + "\n", to: "\(output)/scores.json")
    for warning in scores.warnings { progress.log(.warning, warning) }
    let figures = scores.metrics.map { metric in
      EvaluationResults.Figure(
        group: "scores", name: metric.name, direction: metric.direction,
        value: metric.aggregate.isFinite ? metric.aggregate : nil)
    }
    print(FigureTable.text([(name: "value", figures: figures)]))
    print("written: \(output)/evaluation_results.jsonl")
  }
}
