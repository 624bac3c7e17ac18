/// What the template `page` shows. The names of stored properties are those that the templates use, and a property that
/// is nil or false leaves its section out. A template finds a name in the innermost view that has it, so names differ
/// between nested views.
struct PageView {
  let style = StyleSheet.text
  let header: HeaderView
  let metricTable: MetricTableView?
  let sections: [SectionView]
  let record: RecordView?

  init(_ report: RunReport) {
    header = HeaderView(report)
    metricTable = MetricTableView(report.metrics)
    sections = [
      LossSection.view(report.steps), MembershipSection.view(report.membership), MMLUSection.view(report.mmlu),
      DataSection.view(report.rowCounts),
    ].compactMap { $0 }
    record = RecordView(report.record)
  }
}

/// A heading with figures and perhaps a table under it.
struct SectionView {
  let heading: String
  var lead: String?
  var figures: [FigureView]
  var scoreTable: ScoreTableView?
}

/// One chart. `drawing` is finished SVG and the only value besides the style sheet that templates do not escape.
struct FigureView {
  let figureTitle: String
  let drawing: String
  let isWide: Bool
  var caption: String?

  /// - Returns: nil when there is nothing to draw.
  init?(_ title: String, _ element: SVGElement?, isWide: Bool = false, caption: String? = nil) {
    guard let element else { return nil }
    figureTitle = title
    drawing = element.markup
    self.isWide = isWide
    self.caption = caption
  }
}
