/// Accuracy by category as bars, by sub-category as a table.
enum MMLUSection {
  /// Four answers to choose from.
  private static let chance = 0.25

  static func view(_ mmlu: RunReport.MMLU?) -> SectionView? {
    guard let mmlu else { return nil }
    let figure = FigureView("Accuracy by category", chart(mmlu.categories))
    let table = ScoreTableView(mmlu.subcategories)
    guard figure != nil || table != nil else { return nil }
    let shots = mmlu.shots.map { "\($0) \($0 == 1 ? "example" : "examples") before each question." }
    return SectionView(
      heading: "MMLU", lead: shots, figures: figure.map { [$0] } ?? [], scoreTable: table)
  }

  private static func chart(_ scores: [RunReport.MMLU.Score]) -> SVGElement? {
    let groups = scores.map { score in
      let bars = [score.before, score.after].enumerated().compactMap { series, value in
        value.map { BarChart.Bar(series: series, value: $0 * 100, label: NumberText.decimal($0 * 100, digits: 1)) }
      }
      return BarChart.Group(name: score.name, bars: bars)
    }
    let series = [
      BarChart.Series(name: "before", style: .before), BarChart.Series(name: "after", style: .after),
    ]
    return BarChart(
      id: "mmlu", title: "MMLU accuracy by category, before and after", description: "\(scores.count) categories.",
      axisTitle: "accuracy (%)", series: series, groups: groups, guide: chance * 100, guideName: "guessing",
      least: chance * 100
    ).drawing()
  }
}

/// The smaller table of MMLU's sub-categories.
struct ScoreTableView {
  struct Row {
    let scoreName: String
    let questions: String
    let before: String
    let after: String
    let change: String
    let mark: JudgementMark?
  }

  let scoreRows: [Row]

  init?(_ scores: [RunReport.MMLU.Score]) {
    guard !scores.isEmpty else { return nil }
    scoreRows = scores.map { score in
      func percent(_ value: Double?) -> Double? { value.map { $0 * 100 } }
      let metric = RunReport.Metric(
        score.name, direction: .higherIsBetter, before: percent(score.before), after: percent(score.after))
      return Row(
        scoreName: score.name, questions: score.questions.map(NumberText.grouped) ?? NumberText.missing,
        before: NumberText.decimal(metric.before, digits: 1), after: NumberText.decimal(metric.after, digits: 1),
        change: metric.change.map { NumberText.signed($0, digits: 1) } ?? NumberText.missing,
        mark: JudgementMark(metric.judgement))
    }
  }
}
