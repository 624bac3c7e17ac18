/// A running sum that keeps the rounding error of every addition (Neumaier, 1974).
///
/// The official scores add exact fractions and round once; with the error kept, a short sum ends on the same number.
struct ExactSum {
  private var high = 0.0
  private var low = 0.0

  init(_ values: some Sequence<Double>) {
    for value in values { add(value) }
  }

  mutating func add(_ value: Double) {
    let sum = high + value
    // An infinity or NaN has no error to keep.
    if sum.isFinite { low += high.magnitude >= value.magnitude ? (high - sum) + value : (value - sum) + high }
    high = sum
  }

  /// The sum divided by `divisor`, with the quotient's own error corrected once.
  func divided(by divisor: Double) -> Double {
    let quotient = (high + low) / divisor
    let rest = high.addingProduct(-quotient, divisor) + low
    return rest.isFinite ? quotient + rest / divisor : quotient
  }

  /// `dividend` divided by the sum, with the quotient's own error corrected once.
  func dividing(_ dividend: Double) -> Double {
    let quotient = dividend / (high + low)
    let rest = dividend.addingProduct(-quotient, high) - quotient * low
    return rest.isFinite ? quotient + rest / (high + low) : quotient
  }
}
