import Foundation

/// Ends of an axis that suit its values.
package enum Domain {
  /// From the least to the greatest value, widened to whole ticks; some room around a constant.
  /// - Returns: nil when no value can be drawn.
  package static func nice(_ values: [Double], kind: Scale.Kind = .linear, ticks: Int = 5) -> ClosedRange<Double>? {
    let drawable = values.filter { Scale.isDrawable($0, kind) }
    guard var low = drawable.min(), var high = drawable.max() else { return nil }
    guard kind == .linear else { return logarithmic(low, high) }
    if high - low <= 1e-9 * max(abs(low), abs(high)) {
      let room = low == 0 ? 1 : abs(low) * 0.1
      (low, high) = (low - room, high + room)
    }
    let step = Ticks.step(over: high - low, about: ticks)
    let (down, up) = ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
    return down < up ? down...up : low...high
  }

  /// Steps 1…n begin at 0, so that the first tick is there; later beginnings stay where they are.
  package static func steps(_ values: [Double]) -> ClosedRange<Double>? {
    let drawable = values.filter { Scale.isDrawable($0, .linear) }
    guard let low = drawable.min(), let high = drawable.max() else { return nil }
    let room = max(1, abs(low) * 1e-6)
    if high - low < room * 1e-3 { return low - room...high + room }
    return low > 0 && low <= 0.1 * high ? 0...high : low...high
  }

  /// To the next 1, 2 or 5 times a power of ten on either side.
  private static func logarithmic(_ low: Double, _ high: Double) -> ClosedRange<Double> {
    let below = Ticks.mantissas.reversed().map { $0 * decade(low) }.first { $0 <= low * 1.000001 } ?? decade(low)
    let above = (Ticks.mantissas + [10]).map { $0 * decade(high) }.first { $0 >= high * 0.999999 } ?? 10 * decade(high)
    return below < above ? below...above : below / 2...above * 2
  }

  private static func decade(_ value: Double) -> Double { pow(10, log10(value).rounded(.down)) }
}
