/// Arithmetic and harmonic means.
public enum Mean {
  /// The arithmetic mean, summed in order; not a number for no values.
  public static func of(_ values: some Collection<Double>) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }

  /// The arithmetic mean rounded once, as Python's `statistics.mean` of floats gives it; not a number for no values.
  public static func exact(_ values: some Collection<Double>) -> Double {
    values.isEmpty ? .nan : ExactSum(values).divided(by: Double(values.count))
  }
}

/// The harmonic mean n / Σ(1/x), as Python's `statistics.harmonic_mean` and `scipy.stats.hmean` give it.
public enum HarmonicMean {
  /// One zero makes it 0, whatever else is there, a missing value (NaN) included; otherwise a missing value, a negative
  /// value or no values at all make it not a number.
  public static func of(_ values: some Collection<Double>) -> Double {
    if values.contains(0) { return 0 }
    guard !values.isEmpty, values.allSatisfy({ $0 > 0 }) else { return .nan }
    if values.count == 1, let only = values.first { return only }
    return ExactSum(values.lazy.map { 1 / $0 }).dividing(Double(values.count))
  }
}
