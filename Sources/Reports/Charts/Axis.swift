import Basics

/// Draws axes: grid lines, ticks and their labels, and the title with its unit.
enum Axis {
  /// Room that a text takes, in units of the drawing, at the size of tick labels: a little more than most fonts need.
  static func width(of text: String) -> Double { 7 * Double(DisplayWidth.of(text)) }

  /// Horizontal grid lines with their labels on the left. The title stands above the axis, where it can be read without
  /// tilting the head.
  static func vertical(
    _ scale: Scale, _ ticks: [Tick], title: String, from left: Double, to right: Double, titleStart: Double
  ) -> [SVGElement] {
    var elements = ticks.flatMap { tick in
      let y = scale.position(tick.value)
      return [
        SVGElement.line(left, y, right, y, style: "grid"),
        .label(tick.label, left - 8, y + 4, anchor: .end),
      ]
    }
    elements.append(.label(title, titleStart, scale.end - 12, style: "axis-title"))
    return elements
  }

  /// The base line, small ticks below it and their labels; the title under them, at the right.
  static func horizontal(
    _ scale: Scale, _ ticks: [Tick], title: String, at y: Double, grid top: Double? = nil
  ) -> [SVGElement] {
    var elements: [SVGElement] = []
    if let top {
      elements += ticks.map { .line(scale.position($0.value), y, scale.position($0.value), top, style: "grid") }
    }
    elements.append(.line(scale.start, y, scale.end, y, style: "axis"))
    for tick in spaced(ticks, scale) {
      let x = scale.position(tick.value)
      elements.append(.line(x, y, x, y + 4, style: "axis"))
      elements.append(.label(tick.label, x, y + 18, anchor: .middle))
    }
    elements.append(.label(title, scale.end, y + 36, anchor: .end, style: "axis-title"))
    return elements
  }

  /// The ticks without those whose labels would touch the one before.
  private static func spaced(_ ticks: [Tick], _ scale: Scale) -> [Tick] {
    var free = -Double.infinity
    return ticks.filter { tick in
      let (x, half) = (scale.position(tick.value), width(of: tick.label) / 2)
      guard x - half >= free else { return false }
      free = x + half + 6
      return true
    }
  }
}
