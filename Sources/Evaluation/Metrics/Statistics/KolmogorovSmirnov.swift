import Basics

/// The two-sample, two-sided Kolmogorov–Smirnov test with its exact p-value, as `scipy.stats.ks_2samp` gives it for
/// samples of up to 10,000.
public struct KolmogorovSmirnov: Sendable, Equatable {
  public static let maximumCount = 10_000

  /// The largest distance between the two empirical distribution functions.
  public let statistic: Double
  /// How likely a distance at least this large is when both samples are from one distribution. Below the smallest
  /// double it is 0; the floor for two samples of n is 2/C(2n, n).
  public let pValue: Double

  /// - Throws: ``Failure`` when a sample is empty, too large, or has a value that is not a number.
  public init(_ first: [Double], _ second: [Double]) throws {
    for (name, sample) in [("first sample", first), ("second sample", second)] {
      guard !sample.isEmpty, sample.count <= Self.maximumCount else {
        throw Failure.mismatch(
          at: Location(field: name), expected: "1 to \(Self.maximumCount) values", found: "\(sample.count)")
      }
      if let index = sample.firstIndex(where: \.isNaN) {
        throw Failure.mismatch(at: Location(field: "\(name)[\(index)]"), expected: "a number", found: "NaN")
      }
    }
    let divisor = Self.greatestCommonDivisor(first.count, second.count)
    let distance = Self.scaledDistance(first.sorted(), second.sorted(), divisor: divisor)
    statistic = Double(distance) / Double(first.count / divisor * second.count)
    let probability =
      if distance == 0 {
        1.0
      } else if first.count == second.count {
        Self.equalCounts(first.count, distance: distance)
      } else {
        Self.unequalCounts(first.count, second.count, divisor: divisor, distance: distance)
      }
    pValue = min(max(probability, 0), 1)
  }

  private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
    var (larger, smaller) = (first, second)
    while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
    return larger
  }

  /// The distance times the least common multiple of the two counts: an integer, free of rounding.
  private static func scaledDistance(_ first: [Double], _ second: [Double], divisor: Int) -> Int {
    let firstStep = second.count / divisor
    let secondStep = first.count / divisor
    var (left, right, largest) = (0, 0, 0)
    while left < first.count, right < second.count {
      let value = min(first[left], second[right])
      while left < first.count, first[left] == value { left += 1 }
      while right < second.count, second[right] == value { right += 1 }
      largest = max(largest, abs(left * firstStep - right * secondStep))
    }
    return largest
  }

  /// The reflection principle's alternating sum 2·Σ(−1)^(k+1)·C(2n, n−kh)/C(2n, n), k = 1, 2, …, evaluated from its
  /// last term inwards: C(2n, n−kh) is the term before it times a product of h quotients below 1, and 1 − rest of the
  /// sum stays in 0…1, so nothing cancels and nothing overflows.
  private static func equalCounts(_ count: Int, distance: Int) -> Double {
    var rest = 0.0
    for reflection in stride(from: count / distance, through: 0, by: -1) {
      let shift = reflection * distance
      var quotient = 1.0
      for step in 0..<distance {
        quotient = Double(count - shift - step) * quotient / Double(count + shift + step + 1)
      }
      rest = quotient * (1 - rest)
    }
    return 2 * rest
  }

  /// Walks the lattice of merged samples. A cell holds how likely a random path to it has touched the boundary; its last
  /// step came from the left with probability x/(x+y) and from below with y/(x+y), and outside the boundary the value
  /// is 1. Only products and sums of positive numbers: the relative error stays near (m+n) roundings even at 1e-300.
  private static func unequalCounts(_ first: Int, _ second: Int, divisor: Int, distance: Int) -> Double {
    let (columns, rows) = (max(first, second), min(first, second))
    let columnStep = rows / divisor
    let rowStep = columns / divisor
    var touched = [Double](repeating: 0, count: rows + 1)
    for x in 0...columns {
      for y in 0...rows {
        if abs(x * columnStep - y * rowStep) >= distance {
          touched[y] = 1
        } else if x + y > 0 {
          let below = y > 0 ? touched[y - 1] : 0
          touched[y] = (touched[y] * Double(x) + below * Double(y)) / Double(x + y)
        }
      }
    }
    return touched[rows]
  }
}
