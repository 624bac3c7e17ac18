import Basics
import Evaluation
import Foundation
import LanguageModels

/// The output folder of `evaluate`: what is done of it while it runs, results at the end.
///
/// An evaluation that was stopped or killed goes on when the same one is started again; of another model, other data or
/// settings everything is made anew, and nothing of the first one stays.
struct EvaluationFolder {
  private static let unfinished = "unfinished"
  private let path: String
  private let fingerprint: String
  private let lock: FolderLock

  /// Refuses an output that is no evaluation of these suites to go on with; nothing is made yet.
  static func requireFree(_ output: String, for suites: String) throws {
    guard try isUnfinished(output) else { return try Folder.requireFree(output) }
    guard let begun = content("suites", in: output), begun != suites else { return }
    throw Failure(
      .cannotWrite, at: Location(file: output), "the folder holds an unfinished evaluation of \(begun)",
      hint: "go on with it (--suite \(begun)), or choose another output folder")
  }

  /// Makes the folder, or takes one up again.
  /// - Parameters:
  ///   - inputs: files and folders that the results depend on.
  ///   - settings: everything else that they depend on.
  /// - Throws: ``Failure`` of kind `cannotWrite`, also when another process writes into the folder.
  init(
    _ output: String, suites: String, inputs: [String], settings: String, progress: any ProgressObserver
  ) throws {
    path = output
    fingerprint = SHA256.hexDigest(of: "\(settings)\n\(try Self.state(inputs, without: output))")
    try Folder.create(output)
    lock = try FolderLock(output)
    try Self.requireFree(output, for: suites)
    let begun = Self.content("fingerprint", in: output)
    if try Self.isUnfinished(output), begun != fingerprint {
      for name in try Folder.names(output) where Self.isResult(name) {
        try? FileManager.default.removeItem(atPath: "\(output)/\(name)")
      }
      try? FileManager.default.removeItem(atPath: "\(output)/\(Self.unfinished)")
      if begun != nil {
        progress.log(.warning, "the unfinished evaluation was of another model, other data or settings: starting over")
      }
    }
    Aside.removeAbandoned(in: output)
    try Folder.create("\(output)/\(Self.unfinished)")
    try AtomicFile.write(suites, to: "\(output)/\(Self.unfinished)/suites")
    try AtomicFile.write(fingerprint, to: "\(output)/\(Self.unfinished)/fingerprint")
  }

  /// Runs `body` with the journals of the folder, writes its results there and prints them.
  func official(
    of model: LanguageModel, reference: EvaluationSummary?, progress: any ProgressObserver,
    _ body: (EvaluationContext) throws -> EvaluationResults
  ) throws {
    let context = EvaluationContext(
      model, journals: "\(path)/\(Self.unfinished)", fingerprint: fingerprint, progress: progress,
      isInterrupted: { Interruption.isRequested })
    let results = try body(context)
    try results.write(to: path, reference: reference)
    // The challenge's 7B model is the one whose floor is known without the model that it was before.
    let floor = model.architecture.hiddenSize >= 4096 ? OfficialScores.mmluFloor : nil
    for warning in try results.scores(mmluFloor: floor).warnings { progress.log(.warning, warning) }
    if let reference, !results.isComparable(with: reference) { progress.log(.warning, EvaluationSummary.otherRows) }
    if let sample = results.counts.text { print("sample: \(sample)") }
    if let mmlu = results.mmlu { print("MMLU: \(mmlu.shots) shots, \(mmlu.average.questions) questions") }
    var columns = [(name: "value", figures: try results.figures())]
    if let reference { columns.append((name: "reference", figures: reference.figures)) }
    print(FigureTable.text(columns, showsGap: reference != nil))
  }

  /// Writes and prints the result of one suite, unless it is there from before.
  func suite(_ name: String, progress: any ProgressObserver, _ result: () throws -> SuiteResult) throws {
    let file = "\(path)/\(name).json"
    guard !FileManager.default.fileExists(atPath: file) else {
      return progress.log(.info, "\(name): done before, in \(file)")
    }
    let result = try result()
    try result.write(to: file)
    let figures = result.metrics.map { metric in
      EvaluationResults.Figure(
        group: result.suite, name: metric.name, direction: metric.direction,
        value: metric.aggregate.isFinite ? metric.aggregate : nil)
    }
    if let sample = result.sample { print("sample: \(sample)") }
    print(FigureTable.text([(name: "value", figures: figures)]))
    for (metric, reason) in result.reasons.sorted(by: { $0.key < $1.key }) { print("\(metric): \(reason)") }
  }

  /// All suites are done: what was kept for going on is not needed any more.
  func finish() {
    try? FileManager.default.removeItem(atPath: "\(path)/\(Self.unfinished)")
    print("written: \(path)")
    withExtendedLifetime(lock) {}
  }

  /// Refuses a folder in which another evaluation goes on.
  static func requireFinished(_ output: String) throws {
    guard try isUnfinished(output) else { return }
    throw Failure(
      .cannotWrite, at: Location(file: output), "the folder holds an unfinished evaluation of a model",
      hint: "choose another output folder")
  }

  private static func isUnfinished(_ output: String) throws -> Bool {
    Folder.exists(output) ? try Folder.names(output).contains(unfinished) : false
  }

  private static func content(_ name: String, in output: String) -> String? {
    FileManager.default.contents(atPath: "\(output)/\(unfinished)/\(name)").map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether a file of this name is one that an evaluation writes.
  private static func isResult(_ name: String) -> Bool {
    name == EvaluationSummary.fileName || EvaluationResults.fileNames.contains(name)
      || Evaluate.Suite.allCases.contains { name == "\($0.rawValue).json" }
  }

  /// Names, sizes and times of change of the inputs, and of what lies in those that are folders: but for the output, which
  /// may lie there too.
  private static func state(_ inputs: [String], without output: String) throws -> String {
    func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
    var lines: [String] = []
    func add(_ given: String) {
      let path = absolute(given)
      guard path != absolute(output) else { return }
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
    let lock = try FolderLock(output)
    defer { withExtendedLifetime(lock) {} }
    try EvaluationFolder.requireFinished(output)
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
