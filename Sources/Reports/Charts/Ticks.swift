import Basics
import Foundation

/// A mark on an axis.
package struct Tick: Sendable, Equatable {
  package var value: Double
  package var label: String
}

/// Round values on an axis: 1, 2 and 5 times powers of ten.
package enum Ticks {
  static let mantissas: [Double] = [1, 2, 5]

  /// The round step that cuts a span into about so many parts. Positive for every positive span.
  package static func step(over span: Double, about count: Int) -> Double {
    let rough = span / Double(max(1, count))
    guard rough.isFinite, rough > 0 else { return 1 }
    let decade = pow(10, log10(rough).rounded(.down))
    let step = decade * ([1, 2, 5].first { rough <= $0 * decade * 1.0001 } ?? 10)
    return step.isFinite && step > 0 ? step : rough
  }

  /// Ticks within a linear domain.
  /// - Parameter whole: for counts; no tick stands between two whole numbers.
  package static func linear(_ domain: ClosedRange<Double>, about count: Int = 5, whole: Bool = false) -> [Tick] {
    let rough = step(over: domain.upperBound - domain.lowerBound, about: count)
    let step = whole ? max(1, rough) : rough
    let first = (domain.lowerBound / step - 1e-9).rounded(.up)
    let last = (domain.upperBound / step + 1e-9).rounded(.down)
    guard first <= last, last - first <= 1000, abs(first) < 1e15 else { return [] }
    let largest = max(abs(domain.lowerBound), abs(domain.upperBound))
    return stride(from: first, through: last, by: 1).map { index in
      let value = index == 0 ? 0 : index * step
      return Tick(value: value, label: label(value, step: step, largest: largest))
    }
  }

  /// Powers of ten within a domain; with 2 and 5 between them where there are few, and every second, third … one where
  /// there are more than `limit`.
  package static func logarithmic(_ domain: ClosedRange<Double>, atMost limit: Int = 5) -> [Tick] {
    let exponents = Int(log10(domain.lowerBound).rounded(.down))...Int(log10(domain.upperBound).rounded(.up))
    func ticks(_ mantissas: [Double], every stride: Int) -> [Tick] {
      let values = exponents.filter { $0 % stride == 0 }.flatMap { exponent in
        mantissas.map { $0 * pow(10, Double(exponent)) }
          .filter { $0 >= domain.lowerBound * 0.999999 && $0 <= domain.upperBound * 1.000001 }
      }
      let isPlain = values.allSatisfy { $0 > 0.99e-3 && $0 < 1.01e4 }
      return values.map { Tick(value: $0, label: isPlain ? plain($0) : NumberText.power($0)) }
    }
    for candidate in [mantissas, [1, 5], [1]] {
      let result = ticks(candidate, every: 1)
      if result.count >= 2, result.count <= limit { return result }
    }
    return (1...max(1, exponents.count)).lazy.map { ticks([1], every: $0) }.first { $0.count <= limit } ?? []
  }

  private static func label(_ value: Double, step: Double, largest: Double) -> String {
    if value == 0 { return "0" }
    if largest >= 1e9 || step < 1e-4 { return NumberText.power(value) }
    if largest >= 1e6 { return scaled(value, step, by: 1e6) + " M" }
    if largest >= 1e4 { return scaled(value, step, by: 1e3) + " k" }
    return scaled(value, step, by: 1)
  }

  private static func scaled(_ value: Double, _ step: Double, by unit: Double) -> String {
    let digits = max(0, -Int((log10(step / unit) + 1e-9).rounded(.down)))
    return NumberText.withMinus(fixed(value / unit, digits))
  }

  private static func plain(_ value: Double) -> String {
    fixed(value, value < 0.0099 ? 3 : value < 0.099 ? 2 : value < 0.99 ? 1 : 0)
  }
}
