/// A row of names with their looks, laid out from the right.
enum Legend {
  /// What stands before a name.
  enum Key: Sendable {
    case line(SeriesStyle)
    case bar(SeriesStyle)
    case area(SeriesStyle, isDashed: Bool)
    case rollback
  }

  struct Entry: Sendable {
    var name: String
    var key: Key
  }

  private static let keyWidth = 24.0
  private static let gap = 16.0

  /// - Parameters:
  ///   - right: where the row ends.
  ///   - y: the base line of the names.
  static func row(_ entries: [Entry], endingAt right: Double, y: Double) -> [SVGElement] {
    var x = right - width(entries)
    return entries.flatMap { entry in
      let elements = key(entry.key, x, y - 4) + [SVGElement.label(entry.name, x + keyWidth, y, style: "legend")]
      x += width([entry]) + gap
      return elements
    }
  }

  static func width(_ entries: [Entry]) -> Double {
    entries.reduce(0) { $0 + keyWidth + Axis.width(of: $1.name) } + gap * Double(max(0, entries.count - 1))
  }

  /// The entries in rows that are no wider than `limit`.
  static func rows(_ entries: [Entry], limit: Double) -> [[Entry]] {
    var rows: [[Entry]] = []
    for entry in entries {
      if let last = rows.last, width(last + [entry]) <= limit {
        rows[rows.count - 1].append(entry)
      } else {
        rows.append([entry])
      }
    }
    return rows
  }

  private static func key(_ key: Key, _ x: Double, _ y: Double) -> [SVGElement] {
    switch key {
    case .line(let style):
      [.line(x, y, x + 18, y, style: "line \(style.rawValue)"), style.mark(x + 9, y)]
    case .bar(let style): [.rectangle(x + 6, y - 5, 12, 10, style: "bar \(style.rawValue)")]
    case .area(let style, let isDashed):
      [.rectangle(x + 1, y - 5, 17, 10, style: "area \(style.rawValue)\(isDashed ? " dashed" : "")")]
    case .rollback: [RollbackMark.element(x + 9, y)]
    }
  }
}

/// The cross that marks a step that was undone.
enum RollbackMark {
  static func element(_ x: Double, _ y: Double) -> SVGElement {
    let strokes = [[(x - 3.5, y - 3.5), (x + 3.5, y + 3.5)], [(x - 3.5, y + 3.5), (x + 3.5, y - 3.5)]]
    return SVGElement("path", ["class": "rollback", "d": .text(strokes.map { PathData.polyline($0) }.joined())])
  }
}
