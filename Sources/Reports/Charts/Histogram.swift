/// Outlined areas over shared bins: how samples of one quantity lie.
struct Histogram: Sendable {
  struct Series: Sendable {
    var name: String
    var style: SeriesStyle
    var isDashed: Bool
    var percentages: [Double]
  }

  var id: String
  var title: String
  var description: String
  /// With its unit.
  var horizontalTitle: String
  var verticalTitle: String
  var bins: HistogramBins
  var series: [Series]
  /// The greatest percentage, so that several histograms have one axis.
  var greatest: Double

  private static let width = 440.0
  private static let height = 170.0

  func drawing() -> SVGElement? {
    guard let domain = Domain.nice([0, max(1, greatest)], ticks: 4) else { return nil }
    let entries = series.map { Legend.Entry(name: $0.name, key: .area($0.style, isDashed: $0.isDashed)) }
    let (left, right, top) = (40.0, Self.width - 24, 58.0)
    let bottom = top + Self.height
    guard let x = Scale(.linear, domain: bins.domain, from: left, to: right),
      let y = Scale(.linear, domain: domain, from: bottom, to: top)
    else { return nil }
    var elements = Legend.row(entries, endingAt: min(right, Legend.width(entries)), y: 14)
    let ticks = Ticks.linear(domain, about: 4)
    elements += Axis.vertical(y, ticks, title: verticalTitle, from: left, to: right, titleStart: 2)
    elements += series.map { area($0, x, y) }
    elements += Axis.horizontal(x, Ticks.linear(bins.domain, about: 6), title: horizontalTitle, at: bottom)
    return .drawing(
      id: id, title: title, description: description, width: Self.width, height: bottom + 44, children: elements)
  }

  private func area(_ series: Series, _ x: Scale, _ y: Scale) -> SVGElement {
    var points = [(x: x.start, y: y.start)]
    for (index, percentage) in series.percentages.enumerated() {
      let top = y.position(percentage)
      points.append((x: x.position(bins.start + Double(index) * bins.width), y: top))
      points.append((x: x.position(bins.start + Double(index + 1) * bins.width), y: top))
    }
    points.append((x: x.end, y: y.start))
    let style = "area \(series.style.rawValue)\(series.isDashed ? " dashed" : "")"
    return SVGElement("path", ["class": .text(style), "d": .text(PathData.polyline(points) + "Z")])
  }
}
