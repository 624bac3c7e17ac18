import Basics
import Datasets
import Evaluation
import Foundation
import Reports
import Unlearning

extension RunReport {
  /// `report.html` in a run folder.
  static let fileName = "report.html"

  /// The report of a run, from what its folder holds. No part of it is text of a row.
  init(folder: String) throws {
    let record = try RunRecord.read(folder)
    let configuration = try ConfigurationFile.read("\(folder)/config.yaml", over: RunConfiguration()).0
    let memorizes = record.inputs.forget == nil
    self.init(
      title: "\(memorizes ? "Memorising" : "Unlearning") run “\((folder as NSString).lastPathComponent)”")
    let (before, after) = ("\(folder)/evaluation/before", "\(folder)/evaluation/after")
    let minutes = record.details["minutes"]?.doubleValue
    rowCounts = Self.rowCounts(record.details)
    steps = try Self.steps("\(folder)/events.jsonl")
    let ending: Ending =
      record.state != .done ? .unfinished(steps: steps.count) : steps.isEmpty ? .withoutStep : .finished
    summary = Summary(
      method: configuration.method.rawValue, model: (record.inputs.model as NSString).lastPathComponent,
      ending: ending,
      memorizedRows: memorizes ? Self.rows(rowCounts, "training") : nil,
      forgetRows: Self.rows(rowCounts, "forget"), retainRows: Self.rows(rowCounts, "retain"),
      seconds: minutes.map { $0 * 60 })
    let reference = try record.inputs.reference.map { try EvaluationSummary(folder: $0) }
    if Self.has(after) {
      let end = try EvaluationSummary(folder: after)
      let start = Self.has(before) ? try EvaluationSummary(folder: before) : nil
      metrics = end.figures.map { Metric($0, start, reference) }
      let headlines = ["forget", "retain"].flatMap { [($0, "ROUGE-L recall"), ($0, "exact match")] }
      verdict = headlines.compactMap { group, name in
        guard var metric = metrics.first(where: { $0.group == group && $0.name == name && $0.after != nil }) else {
          return nil
        }
        metric.name = "\(group): \(name)"
        return metric
      }
      samples = end.sampleCounts.map { Sample(of: $0.kind.name, evaluated: $0.evaluated, total: $0.total) }
    }
    membership = try Self.membership(before, after)
    mmlu = try Self.mmlu(before, after)
    self.record = Record(record, configuration)
  }

  private static func has(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(EvaluationSummary.fileName)")
  }

  private static func rows(_ counts: [RowCount], _ set: String) -> Int? {
    let members = counts.filter { $0.set == set }
    return members.isEmpty ? nil : members.reduce(0) { $0 + $1.rows }
  }

  private static func rowCounts(_ details: JSONObject) -> [RowCount] {
    // Sorted: forget before retain, as everywhere on the page.
    (details["sets"]?.objectValue?.entries ?? []).sorted { $0.key < $1.key }.flatMap { set, tasks in
      (tasks.objectValue?.entries ?? []).compactMap { task, counts in
        // More rows than any set has are none, so that their sum is a number.
        guard let rows = counts.objectValue?["rows"]?.intValue, (0..<1 << 40).contains(rows) else { return nil }
        return RowCount(set: set, task: task, rows: rows, tokens: counts.objectValue?["tokens"]?.intValue)
      }
    }
  }

  private static func steps(_ path: String) throws -> [Step] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    var steps: [Step] = []
    try JSONLines.read(path) { event, _ in
      guard event["event"]?.stringValue == "step", let step = event["step"]?.intValue else { return }
      steps.append(
        Step(
          step: step, forgetLoss: event["forget_loss"]?.doubleValue, retainLoss: event["retain_loss"]?.doubleValue,
          learningRate: event["learning_rate"]?.doubleValue, rolledBack: event["rolled_back"]?.boolValue ?? false))
    }
    return steps
  }

  private static func membership(_ before: String, _ after: String) throws -> Membership? {
    func losses(_ folder: String) throws -> Membership.Losses? {
      let path = "\(folder)/mia.json"
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      let losses = try MembershipLosses(path: path)
      return Membership.Losses(
        member: losses.member, nonmember: losses.nonmember, areaUnderCurve: try losses.areaUnderCurve())
    }
    let (start, end) = (try losses(before), try losses(after))
    return start == nil && end == nil ? nil : Membership(before: start, after: end)
  }

  private static func mmlu(_ before: String, _ after: String) throws -> MMLU? {
    func file(_ folder: String) throws -> JSONObject? {
      let path = "\(folder)/mmlu.json"
      return FileManager.default.fileExists(atPath: path) ? try JSONParser.parse(file: path).objectValue : nil
    }
    let (start, end) = (try file(before), try file(after))
    guard let any = end ?? start else { return nil }
    func accuracy(_ file: JSONObject?, _ table: String, _ name: String, _ key: String) -> JSONValue? {
      file?[table]?.objectValue?[name]?.objectValue?[key]
    }
    func scores(_ table: String) -> [MMLU.Score] {
      (any[table]?.objectValue?.keys ?? []).map { name in
        MMLU.Score(
          name, questions: accuracy(any, table, name, "questions")?.intValue,
          before: accuracy(start, table, name, "accuracy")?.doubleValue,
          after: accuracy(end, table, name, "accuracy")?.doubleValue)
      }
    }
    return MMLU(shots: any["shots"]?.intValue, categories: scores("categories"), subcategories: scores("subcategories"))
  }
}

extension RunReport.Metric {
  /// A loss has no bounds; every other figure lies in 0…1.
  init(_ figure: EvaluationResults.Figure, _ before: EvaluationSummary?, _ reference: EvaluationSummary?) {
    let direction: RunReport.Direction =
      switch figure.direction {
      case .higherIsBetter: .higherIsBetter
      case .lowerIsBetter: .lowerIsBetter
      case .closerIsBetter(let target): .closerIsBetter(to: target)
      }
    self.init(
      figure.name, group: figure.group, direction: direction, before: before?.value(figure.group, figure.name),
      after: figure.value, reference: reference?.value(figure.group, figure.name),
      bounds: figure.name == "NLL" ? nil : 0...1)
  }
}

extension RunReport.Record {
  init(_ run: RunRecord, _ configuration: RunConfiguration) {
    self.init()
    self.configuration = Setting.all.compactMap { setting in
      setting.text(configuration).map { Entry(setting.key, $0) }
    }
    versions = run.versions.map { Entry($0.name, $0.value) }
    command = run.command
    seed = run.seed
    hashes = run.hashes.entries.compactMap { path, hash in hash.stringValue.map { FileHash(path: path, sha256: $0) } }
    warnings = run.details["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
    stopReason = run.details["stop_reason"]?.stringValue
    if let minutes = run.details["minutes"]?.doubleValue { durations = [Duration("training", seconds: minutes * 60)] }
    peakMemoryBytes = run.details["peak_memory_mib"]?.intValue.map { $0 << 20 }
  }
}
