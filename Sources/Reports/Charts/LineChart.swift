/// Lines over a shared horizontal axis, in one panel or several above each other.
struct LineChart: Sendable {
  struct Series: Sendable {
    var name: String
    var style: SeriesStyle
    var points: [Curve.Point]
  }

  struct Panel: Sendable {
    /// With its unit.
    var title: String
    var kind: Scale.Kind
    var height: Double
    var series: [Series]
  }

  var id: String
  var title: String
  var description: String
  var horizontalTitle: String
  var panels: [Panel]
  /// Places on the horizontal axis that bear a cross, and what it means.
  var marks: [Double] = []
  var markName = ""

  private static let width = 880.0
  /// Room above a panel for its title and legend.
  private static let top = 34.0
  private static let gap = 14.0
  /// Points up to this number each bear their series' shape.
  private static let markedPoints = 24

  /// - Returns: nil when no value can be drawn.
  func drawing() -> SVGElement? {
    let curves = panels.map { panel in panel.series.map { Curve($0.points, kind: panel.kind) } }
    guard let domain = Domain.steps(curves.flatMap { $0 }.flatMap(\.points).map(\.x)) else { return nil }
    let axes = zip(panels, curves).map { panel, curves in
      verticalAxis(panel, curves.flatMap(\.points).map(\.y))
    }
    let labels = axes.flatMap { $0?.ticks ?? [] }.map { Axis.width(of: $0.label) }
    let (left, right) = (max(40, 12 + (labels.max() ?? 0)), Self.width - 14)
    guard let horizontal = Scale(.linear, domain: domain, from: left, to: right) else { return nil }

    var elements: [SVGElement] = []
    var bottom = 0.0
    for (index, panel) in panels.enumerated() {
      let top = bottom == 0 ? Self.top : bottom + Self.gap + Self.top
      guard let axis = axes[index], let scale = axis.scale(bottom: top + panel.height, panel.height) else { continue }
      elements += Axis.vertical(scale, axis.ticks, title: panel.title, from: left, to: right, titleStart: 2)
      elements.append(.line(left, scale.start, right, scale.start, style: "axis"))
      elements += lines(panel, curves[index], horizontal, scale)
      if bottom == 0 { elements += rollbacks(horizontal, scale) }
      let entries = legend(panel, isFirst: bottom == 0)
      elements += Legend.row(entries, endingAt: right, y: scale.end - 12)
      bottom = scale.start
    }
    let ticks = Ticks.linear(domain, about: 8, whole: true)
    elements += Axis.horizontal(horizontal, ticks, title: horizontalTitle, at: bottom)
    return .drawing(
      id: id, title: title, description: description, width: Self.width, height: bottom + 44, children: elements)
  }

  private struct VerticalAxis {
    var kind: Scale.Kind
    var domain: ClosedRange<Double>
    var ticks: [Tick]

    func scale(bottom: Double, _ height: Double) -> Scale? {
      Scale(kind, domain: domain, from: bottom, to: bottom - height)
    }
  }

  private func verticalAxis(_ panel: Panel, _ values: [Double]) -> VerticalAxis? {
    let count = max(2, Int(panel.height / 42))
    guard let domain = Domain.nice(values, kind: panel.kind, ticks: count) else { return nil }
    let ticks =
      panel.kind == .linear ? Ticks.linear(domain, about: count) : Ticks.logarithmic(domain, atMost: count + 2)
    return VerticalAxis(kind: panel.kind, domain: domain, ticks: ticks)
  }

  private func lines(_ panel: Panel, _ curves: [Curve], _ x: Scale, _ y: Scale) -> [SVGElement] {
    zip(panel.series, curves).flatMap { series, curve -> [SVGElement] in
      let thinned = curve.thinned(over: x.domain, columns: 300)
      let paths = thinned.runs.map { run in
        PathData.polyline(run.map { (x: x.position($0.x), y: y.position($0.y)) })
      }
      guard !paths.isEmpty else { return [] }
      let line = SVGElement("path", ["class": .text("line \(series.style.rawValue)"), "d": .text(paths.joined())])
      let points = curve.points
      let marked = points.count <= Self.markedPoints ? points : Array(points.suffix(1))
      return [line] + marked.map { series.style.mark(x.position($0.x), y.position($0.y)) }
    }
  }

  /// Crosses on the upper edge; of those that would cover each other the first.
  private func rollbacks(_ x: Scale, _ y: Scale) -> [SVGElement] {
    var free = -Double.infinity
    return marks.filter { x.domain.contains($0) }.map(x.position).sorted().flatMap { place -> [SVGElement] in
      guard place >= free else { return [] }
      free = place + 4
      return [.line(place, y.start, place, y.end + 5, style: "rollback-line"), RollbackMark.element(place, y.end)]
    }
  }

  private func legend(_ panel: Panel, isFirst: Bool) -> [Legend.Entry] {
    var entries = panel.series.map { Legend.Entry(name: $0.name, key: .line($0.style)) }
    if entries.count == 1 { entries = [] }
    if isFirst, !marks.isEmpty { entries.append(.init(name: markName, key: .rollback)) }
    return entries
  }
}
