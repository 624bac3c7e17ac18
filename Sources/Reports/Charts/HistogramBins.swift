/// Bins of equal, round width that several samples share.
package struct HistogramBins: Sendable, Equatable {
  package var start: Double
  package var width: Double
  package var count: Int

  /// About `count` bins over all values that are finite; wider ones around a constant.
  /// - Returns: nil when there is none.
  package init?(_ values: [Double], about count: Int = 24) {
    let drawable = values.filter { Scale.isDrawable($0, .linear) }
    guard let low = drawable.min(), let high = drawable.max(), let domain = Domain.nice(drawable, ticks: count)
    else { return nil }
    width = Ticks.step(over: domain.upperBound - domain.lowerBound, about: low == high ? 4 : count)
    start = (low / width).rounded(.down) * width
    self.count = min(200, max(1, Int((high - start) / width) + 1))
    // A lone bin is shown between two empty ones.
    if self.count == 1 { (start, self.count) = (start - width, 3) }
  }

  package var domain: ClosedRange<Double> { start...start + width * Double(count) }

  /// The share of a sample in each bin, in percent; values that are not finite are left out.
  package func percentages(of values: [Double]) -> [Double] {
    var counts = Array(repeating: 0, count: count)
    let drawable = values.filter { Scale.isDrawable($0, .linear) }
    for value in drawable {
      counts[min(count - 1, max(0, Int(((value - start) / width).rounded(.down))))] += 1
    }
    return counts.map { drawable.isEmpty ? 0 : 100 * Double($0) / Double(drawable.count) }
  }
}
