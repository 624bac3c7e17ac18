/// The value of an attribute. Numbers have one way into SVG, which no value that is not finite passes.
package enum SVGValue: Sendable, ExpressibleByStringLiteral {
  case text(String)
  case number(Double)

  package init(stringLiteral value: String) { self = .text(value) }

  var markup: String {
    switch self {
    case .text(let text): MarkupText.escaped(text)
    case .number(let value): Self.coordinate(value)
    }
  }

  /// To a tenth of a unit, `12.5`. A value that is not finite becomes 0, one out of any reach is brought near.
  package static func coordinate(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let tenths = Int((min(max(value, -1e5), 1e5) * 10).rounded())
    let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
    return (tenths < 0 ? "-" : "") + (rest == 0 ? "\(whole)" : "\(whole).\(rest)")
  }
}

/// An element of an SVG drawing: attributes in their order, text or children as content.
struct SVGElement: Sendable {
  var name: String
  var attributes: [(name: String, value: SVGValue)]
  var text: String?
  var children: [SVGElement]

  init(
    _ name: String, _ attributes: KeyValuePairs<String, SVGValue> = [:], text: String? = nil,
    children: [SVGElement] = []
  ) {
    self.name = name
    self.attributes = attributes.map { (name: $0.key, value: $0.value) }
    self.text = text
    self.children = children
  }

  /// Well-formed XML.
  var markup: String {
    var output = ""
    write(to: &output)
    return output
  }

  private func write(to output: inout String) {
    output += "<\(name)"
    for (name, value) in attributes { output += " \(name)=\"\(value.markup)\"" }
    if text == nil, children.isEmpty {
      output += "/>"
      return
    }
    output += ">"
    if let text { output += MarkupText.escaped(text) }
    for child in children { child.write(to: &output) }
    output += "</\(name)>"
  }
}

extension SVGElement {
  /// A drawing that scales with the page, with a title and a description for those who do not see it.
  /// - Parameter id: unique in the page.
  static func drawing(
    id: String, title: String, description: String, width: Double, height: Double, children: [SVGElement]
  ) -> SVGElement {
    SVGElement(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria-labelledby": .text("\(id)-title \(id)-description"),
        "viewBox": .text("0 0 \(SVGValue.coordinate(width)) \(SVGValue.coordinate(height))"),
      ],
      children: [
        SVGElement("title", ["id": .text("\(id)-title")], text: title),
        SVGElement("desc", ["id": .text("\(id)-description")], text: description),
      ] + children)
  }

  static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) -> SVGElement {
    SVGElement(
      "line",
      ["class": .text(style), "x1": .number(x1), "y1": .number(y1), "x2": .number(x2), "y2": .number(y2)])
  }

  static func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, style: String) -> SVGElement {
    SVGElement(
      "rect",
      [
        "class": .text(style), "x": .number(x), "y": .number(y), "width": .number(max(0, width)),
        "height": .number(max(0, height)),
      ])
  }

  enum Anchor: String { case start, middle, end }

  static func label(
    _ text: String, _ x: Double, _ y: Double, anchor: Anchor = .start, style: String = "tick"
  ) -> SVGElement {
    SVGElement(
      "text",
      ["class": .text(style), "x": .number(x), "y": .number(y), "text-anchor": .text(anchor.rawValue)], text: text)
  }
}
