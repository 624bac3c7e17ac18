/// Horizontal bars in groups, with the value at the end of each: names of any length have room, groups of any number too.
struct BarChart: Sendable {
  struct Bar: Sendable {
    var series: Int
    /// Below 0 or not finite: no bar.
    var value: Double
    /// The value as text.
    var label: String
  }

  struct Group: Sendable {
    var name: String
    var bars: [Bar]
  }

  struct Series: Sendable {
    var name: String
    var style: SeriesStyle
  }

  var id: String
  var title: String
  var description: String
  /// With its unit.
  var axisTitle: String
  var series: [Series]
  var groups: [Group]
  /// A value to compare with, such as that of guessing.
  var guide: Double?
  var guideName = ""
  /// The axis reaches at least to here.
  var least = 0.0

  private static let width = 440.0
  private static let barHeight = 13.0
  private static let barPitch = 16.0
  private static let groupGap = 14.0
  private static let nameLimit = 26

  /// - Returns: nil when no value can be drawn.
  func drawing() -> SVGElement? {
    let values = groups.flatMap(\.bars).map(\.value).filter { Scale.isDrawable($0, .linear) && $0 >= 0 }
    guard !values.isEmpty, let domain = Domain.nice(values + [0, least], ticks: 4) else { return nil }
    let names = groups.map { MarkupText.shortened($0.name, to: Self.nameLimit) }
    let left = 10 + (names.map { Axis.width(of: $0) }.max() ?? 0)
    let labels = groups.flatMap(\.bars).map { Axis.width(of: $0.label) }
    guard let scale = Scale(.linear, domain: domain, from: left, to: Self.width - 14 - (labels.max() ?? 0))
    else { return nil }

    let entries = series.map { Legend.Entry(name: MarkupText.shortened($0.name, to: 24), key: .bar($0.style)) }
    let legend = Legend.rows(entries, limit: Self.width)
    let top = 8 + 20 * Double(legend.count) + (guide == nil ? 0 : 12)
    let bottom = groups.reduce(top) { $0 + height($1) }
    var elements = legend.enumerated().flatMap { index, row in
      Legend.row(row, endingAt: min(Self.width, Legend.width(row)), y: 14 + 20 * Double(index))
    }
    elements += Axis.horizontal(scale, Ticks.linear(domain, about: 4), title: axisTitle, at: bottom, grid: top)
    var labelElements: [SVGElement] = []
    var y = top
    for (group, name) in zip(groups, names) {
      elements.append(nameElement(group, name, scale.start - 8, y + height(group) / 2 + 4))
      for (bar, label) in bars(group, scale, from: y) {
        elements.append(bar)
        labelElements.append(label)
      }
      y += height(group)
    }
    if let guide, domain.contains(guide) {
      let x = scale.position(guide)
      elements.append(.line(x, bottom, x, top, style: "guide"))
      elements.append(.label(guideName, x, top - 4, anchor: .middle, style: "guide-name"))
    }
    return .drawing(
      id: id, title: title, description: description, width: Self.width, height: bottom + 44,
      children: elements + labelElements)
  }

  private func height(_ group: Group) -> Double { Double(group.bars.count) * Self.barPitch + Self.groupGap }

  /// A name that was shortened shows itself whole where the pointer rests.
  private func nameElement(_ group: Group, _ name: String, _ x: Double, _ y: Double) -> SVGElement {
    var element = SVGElement.label(name, x, y, anchor: .end, style: "group-name")
    if name != group.name { element.children = [SVGElement("title", text: group.name)] }
    return element
  }

  private func bars(_ group: Group, _ scale: Scale, from top: Double) -> [(bar: SVGElement, label: SVGElement)] {
    group.bars.enumerated().compactMap { index, bar in
      guard series.indices.contains(bar.series), Scale.isDrawable(bar.value, .linear), bar.value >= 0 else {
        return nil
      }
      let y = top + Self.groupGap / 2 + Double(index) * Self.barPitch
      let end = scale.position(bar.value)
      let style = "bar \(series[bar.series].style.rawValue)"
      return (
        .rectangle(scale.start, y, end - scale.start, Self.barHeight, style: style),
        .label(bar.label, end + 5, y + Self.barHeight - 2.5, style: "value")
      )
    }
  }
}
