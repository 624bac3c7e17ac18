/// Rows and tokens by task and set: Figures 2 and 3 of the paper.
enum DataSection {
  /// Tasks shown; data of other kinds may have hundreds.
  private static let limit = 30

  static func view(_ counts: [RunReport.RowCount]) -> SectionView? {
    let figures = [
      figure("Rows", "rows", counts, \.rows), figure("Tokens", "tokens", counts, \.tokens),
    ].compactMap { $0 }
    return figures.isEmpty ? nil : SectionView(heading: "Data", figures: figures)
  }

  private static func figure(
    _ title: String, _ unit: String, _ counts: [RunReport.RowCount], _ value: (RunReport.RowCount) -> Int?
  ) -> FigureView? {
    let sets = Grouping.inOrder(counts, by: \.set).map(\.name)
    let tasks = Grouping.inOrder(counts, by: \.task)
    let groups = tasks.prefix(limit).map { name, members in
      let bars = members.compactMap { count -> BarChart.Bar? in
        guard let value = value(count), let series = sets.firstIndex(of: count.set) else { return nil }
        return BarChart.Bar(series: series, value: Double(value), label: NumberText.grouped(value))
      }
      return BarChart.Group(name: name, bars: bars.sorted { $0.series < $1.series })
    }.filter { !$0.bars.isEmpty }
    let total = counts.compactMap(value).reduce(0.0) { $0 + Double($1) }
    let chart = BarChart(
      id: "data-\(unit)", title: "\(title) by task and set",
      description: "\(NumberText.grouped(groups.count)) tasks, \(NumberText.grouped(sets.count)) sets.",
      axisTitle: unit, series: sets.enumerated().map { .init(name: $1, style: .set($0)) }, groups: groups)
    var caption = "\(total < 1e15 ? NumberText.grouped(Int(total)) : NumberText.power(total)) \(unit) in all."
    if tasks.count > limit { caption += " \(NumberText.grouped(tasks.count - limit)) more tasks are not shown." }
    return FigureView("\(title) by task", chart.drawing(), caption: caption)
  }
}
