/// The table of every metric before and after, in groups.
struct MetricTableView {
  struct Group {
    let group: String
    let isNamed: Bool
    let columns: Int
    let metricRows: [Row]
  }

  struct Row {
    let metric: String
    let arrow: String
    let arrowMeaning: String
    let range: String
    let before: String
    let after: String
    let change: String
    let mark: JudgementMark?
    let referenceCells: [String]
  }

  let metricGroups: [Group]
  /// Some metric has the retrained model's value.
  let hasReference: Bool

  /// - Returns: nil when there is no metric.
  init?(_ metrics: [RunReport.Metric]) {
    guard !metrics.isEmpty else { return nil }
    let hasReference = metrics.contains { $0.reference != nil }
    self.hasReference = hasReference
    metricGroups = Grouping.inOrder(metrics, by: \.group).map { name, members in
      Group(
        group: name, isNamed: !name.isEmpty, columns: hasReference ? 8 : 6,
        metricRows: members.map { Row($0, hasReference: hasReference) })
    }
  }
}

extension MetricTableView.Row {
  init(_ value: RunReport.Metric, hasReference: Bool) {
    metric = value.name
    (arrow, arrowMeaning) = Self.arrow(value.direction)
    range = RangeMark.drawing(value)?.markup ?? ""
    before = NumberText.decimal(value.before)
    after = NumberText.decimal(value.after)
    change = value.change.map { NumberText.signed($0) } ?? NumberText.missing
    mark = JudgementMark(value.judgement)
    referenceCells =
      hasReference
      ? [NumberText.decimal(value.reference), value.gap.map { NumberText.signed($0) } ?? NumberText.missing] : []
  }

  private static func arrow(_ direction: RunReport.Direction) -> (String, String) {
    switch direction {
    case .higherIsBetter: ("↑", "higher is better")
    case .lowerIsBetter: ("↓", "lower is better")
    case .closerIsBetter(let target):
      ("→ \(NumberText.decimal(target, digits: 1))", "closer to \(NumberText.decimal(target, digits: 1)) is better")
    case .unjudged: ("", "")
    }
  }
}

/// Lists in lists.
enum Grouping {
  /// Elements of equal names together, names in the order of their first element. Names are compared by their bytes.
  static func inOrder<Element>(
    _ elements: [Element], by name: (Element) -> String
  ) -> [(name: String, elements: [Element])] {
    var places: [[UInt8]: Int] = [:]
    var groups: [(name: String, elements: [Element])] = []
    for element in elements {
      let key = name(element)
      if let place = places[Array(key.utf8)] {
        groups[place].elements.append(element)
      } else {
        places[Array(key.utf8)] = groups.count
        groups.append((key, [element]))
      }
    }
    return groups
  }
}
