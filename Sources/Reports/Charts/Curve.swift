/// Points of a line, cut into runs without gaps.
package struct Curve: Sendable, Equatable {
  package struct Point: Sendable, Equatable {
    package var x: Double
    package var y: Double

    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  package var runs: [[Point]]

  /// - Parameters:
  ///   - points: in the order of x; one that cannot be drawn on an axis of this kind leaves a gap.
  package init(_ points: [Point], kind: Scale.Kind) {
    runs = points.split { !Scale.isDrawable($0.y, kind) || !Scale.isDrawable($0.x, .linear) }.map(Array.init)
  }

  package var points: [Point] { runs.flatMap { $0 } }

  /// The same picture from fewer points: of all points within one of `columns` equal parts of the domain, the first, the
  /// last, the lowest and the highest of a run stay. No peak is lost.
  package func thinned(over domain: ClosedRange<Double>, columns: Int) -> Curve {
    guard points.count > 2 * columns else { return self }
    var result = self
    let width = (domain.upperBound - domain.lowerBound) / Double(max(1, columns))
    result.runs = runs.map { run in
      var kept: [Point] = []
      var start = run.startIndex
      while start < run.endIndex {
        let column = ((run[start].x - domain.lowerBound) / width).rounded(.down)
        let rest = run[start...]
        let end = rest.firstIndex { (($0.x - domain.lowerBound) / width).rounded(.down) != column } ?? run.endIndex
        kept += Self.extremes(run[start..<end])
        start = end
      }
      return kept
    }
    return result
  }

  private static func extremes(_ slice: ArraySlice<Point>) -> [Point] {
    let low = slice.indices.min { slice[$0].y < slice[$1].y }
    let high = slice.indices.max { slice[$0].y < slice[$1].y }
    let kept = Set([slice.startIndex, low ?? slice.startIndex, high ?? slice.startIndex, slice.endIndex - 1])
    return kept.sorted().map { slice[$0] }
  }
}
