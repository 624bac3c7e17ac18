/// Title, one sentence, the verdict, and the mark of a sample.
struct HeaderView {
  struct Figure {
    let figureName: String
    let from: String
    let to: String
    let hasBoth: Bool
    let mark: JudgementMark?
  }

  /// What the page is.
  let kind: String
  let title: String
  let sentence: String?
  let hasVerdict: Bool
  let verdict: [Figure]
  let sample: String?
  let hasWarnings: Bool
  let warnings: [String]

  init(_ report: RunReport) {
    kind = report.summary?.memorizedRows == nil ? "Unlearning report" : "Memorising report"
    title = report.title
    sentence = report.summary.flatMap(Self.sentence)
    verdict = report.verdict.map { metric in
      Figure(
        figureName: metric.name, from: NumberText.decimal(metric.before, digits: 2),
        to: NumberText.decimal(metric.after ?? metric.before, digits: 2),
        hasBoth: metric.before != nil && metric.after != nil, mark: JudgementMark(metric.judgement))
    }
    hasVerdict = !verdict.isEmpty
    sample = Self.sample(report.samples)
    warnings = report.record.warnings
    hasWarnings = !warnings.isEmpty
  }

  /// `ngdiff made the model “m” forget 1,112 rows and retain 1,136, in 12.4 minutes.` Or: `… learn 240 rows by heart, …`
  /// Of a run that did not: `ngdiff was to make the model …. It is not finished: 12 steps were taken.`
  static func sentence(_ summary: RunReport.Summary) -> String? {
    var text = (summary.method ?? "This run") + (summary.ending == .finished ? " made" : " was to make")
    text += summary.model.map { " the model “\($0)”" } ?? " a model"
    switch (summary.forgetRows, summary.retainRows) {
    case _ where summary.memorizedRows != nil: text += " learn \(rows(summary.memorizedRows ?? 0)) by heart"
    case (let forget?, let retain?): text += " forget \(rows(forget)) and retain \(NumberText.grouped(retain))"
    case (let forget?, nil): text += " forget \(rows(forget))"
    case (nil, let retain?): text += " retain \(rows(retain))"
    case (nil, nil):
      guard summary.method != nil || summary.model != nil else { return nil }
      text += " forget"
    }
    switch summary.ending {
    case .finished: return text + (summary.seconds.map { ", in \(NumberText.duration($0))" } ?? "") + "."
    case .withoutStep: return text + ". It took no step: the model is what it was."
    case .unfinished(let steps): return text + ". It is not finished: \(Self.steps(steps)) taken."
    }
  }

  private static func steps(_ count: Int) -> String {
    "\(NumberText.grouped(count)) \(count == 1 ? "step was" : "steps were")"
  }

  /// Nil when all was evaluated whole.
  static func sample(_ samples: [RunReport.Sample]) -> String? {
    let parts = samples.filter { $0.evaluated < $0.total }.map { sample in
      "\(NumberText.grouped(sample.evaluated)) of \(NumberText.grouped(sample.total)) \(sample.name)"
    }
    guard let last = parts.last else { return nil }
    let others = parts.dropLast().joined(separator: ", ")
    return "The model was evaluated on \(others.isEmpty ? "" : others + " and ")\(last)."
  }

  private static func rows(_ count: Int) -> String { NumberText.grouped(count) + (count == 1 ? " row" : " rows") }
}

/// How a change is marked: a word for the style sheet, a sign, and the word that is read aloud.
struct JudgementMark {
  let judgement: String
  let sign: String

  init?(_ judgement: RunReport.Metric.Judgement?) {
    guard let judgement else { return nil }
    self.judgement = judgement.rawValue
    switch judgement {
    case .better: sign = "✓"
    case .worse: sign = "✗"
    case .same: sign = "="
    }
  }
}
