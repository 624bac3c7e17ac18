/// A small drawing for a table's cell: where a metric stood before (ring), stands after (dot), and stands for the
/// retrained model (bar), between its bounds.
enum RangeMark {
  private static let (width, height) = (112.0, 14.0)

  /// - Returns: nil unless a value before or after is there, the metric has bounds, and all values lie within.
  static func drawing(_ metric: RunReport.Metric) -> SVGElement? {
    let values = [metric.before, metric.after, metric.reference].compactMap { $0 }
    guard metric.before != nil || metric.after != nil, let bounds = metric.bounds,
      values.allSatisfy({ bounds.contains($0) }), let scale = Scale(.linear, domain: bounds, from: 6, to: width - 6)
    else { return nil }
    let middle = height / 2
    var elements = [SVGElement.line(scale.start, middle, scale.end, middle, style: "range")]
    if let before = metric.before, let after = metric.after {
      let style = "range-change \(metric.judgement?.rawValue ?? "same")"
      elements.append(.line(scale.position(before), middle, scale.position(after), middle, style: style))
    }
    if let reference = metric.reference {
      let x = scale.position(reference)
      elements.append(.line(x, 1, x, height - 1, style: "range-reference"))
    }
    for (value, style, radius) in [(metric.before, "range-before", 3.5), (metric.after, "range-after", 4)] {
      guard let value else { continue }
      elements.append(
        SVGElement(
          "circle",
          ["class": .text(style), "cx": .number(scale.position(value)), "cy": .number(middle), "r": .number(radius)]))
    }
    return SVGElement(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "aria-hidden": "true", "width": .number(width),
        "height": .number(height), "viewBox": .text("0 0 112 14"),
      ], children: elements)
  }
}
