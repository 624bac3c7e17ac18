/// The looks of a series: a colour of the style sheet and a shape, so that neither has to be told by colour alone.
enum SeriesStyle: String, Sendable, CaseIterable {
  case blue, vermilion, green, purple, sky, amber, grey

  static let forget = SeriesStyle.vermilion
  static let retain = SeriesStyle.blue
  static let before = SeriesStyle.grey
  static let after = SeriesStyle.blue

  /// Colours of sets in their order; the first two are those of forget and retain.
  static func set(_ index: Int) -> SeriesStyle {
    let cycle: [SeriesStyle] = [.vermilion, .blue, .amber, .sky, .green, .purple]
    return cycle[index % cycle.count]
  }

  /// A small mark of about eight units around a point.
  func mark(_ x: Double, _ y: Double) -> SVGElement {
    let style = SVGValue.text("point \(rawValue)")
    switch self {
    case .vermilion, .amber:
      return SVGElement(
        "rect",
        ["class": style, "x": .number(x - 3), "y": .number(y - 3), "width": .number(6), "height": .number(6)])
    case .green, .purple:
      let (left, right, top, bottom) = (x - 4, x + 4, y - 4, y + 3)
      let path = PathData.polyline([(left, bottom), (right, bottom), (x, top)]) + "Z"
      return SVGElement("path", ["class": style, "d": .text(path)])
    default:
      return SVGElement("circle", ["class": style, "cx": .number(x), "cy": .number(y), "r": .number(3.4)])
    }
  }
}

/// The `d` of a path.
enum PathData {
  static func polyline(_ points: [(x: Double, y: Double)]) -> String {
    var text = ""
    for (index, point) in points.enumerated() {
      text += "\(index == 0 ? "M" : "L")\(SVGValue.coordinate(point.x)) \(SVGValue.coordinate(point.y))"
    }
    // A lone point is drawn by its round cap.
    return points.count == 1 ? text + "h0" : text
  }
}
