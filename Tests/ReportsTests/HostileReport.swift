import Reports

/// A report with one string in every field that takes text.
enum HostileReport {
  static func make(_ text: String) -> RunReport {
    var report = RunReport(title: text)
    report.summary = .init(method: text, model: text, forgetRows: 1, retainRows: 1, seconds: 1)
    report.verdict = [.init(text, direction: .lowerIsBetter, before: 1, after: 0)]
    report.samples = [.init(of: text, evaluated: 1, total: 2)]
    report.metrics = [.init(text, group: text, direction: .higherIsBetter, before: 0, after: 1, reference: 0.5)]
    report.steps = [.init(step: 1, forgetLoss: 1, retainLoss: 1, learningRate: 1)]
    report.rowCounts = [.init(set: text, task: text, rows: 1, tokens: 2), .init(set: "b", task: text, rows: 1)]
    report.mmlu = .init(
      categories: [.init(text, before: 0.5, after: 0.4)], subcategories: [.init(text, questions: 3, before: 0.5)])
    let entry = RunReport.Record.Entry(text, text)
    report.record.configuration = [entry]
    report.record.versions = [entry]
    report.record.command = [text, text]
    report.record.hashes = [.init(path: text, sha256: text)]
    report.record.warnings = [text]
    report.record.stopReason = text
    report.record.started = text
    report.record.finished = text
    report.record.durations = [.init(text, seconds: 1)]
    return report
  }
}
