/// The least-squares parabola y = a·x² + b·x + c through points (paper eqs 9 and 11).
public struct QuadraticFit: Sendable, Equatable {
  public let a: Double
  public let b: Double
  public let c: Double
  /// Share of the points' variance that the parabola explains; 1 for an exact fit.
  public let rSquared: Double

  /// Nil for fewer than three different x, or values that are not finite.
  public init?(_ points: [(x: Double, y: Double)]) {
    guard Set(points.map(\.x)).count >= 3, points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return nil }
    // x is scaled to its largest size: learning rates are small, and their fourth powers vanish otherwise.
    guard let unit = points.map({ abs($0.x) }).max(), unit > 0 else { return nil }
    let xs = points.map { $0.x / unit }
    let ys = points.map(\.y)
    func moment(_ power: Int) -> Double {
      xs.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x } }
    }
    func mixed(_ power: Int) -> Double {
      zip(xs, ys).reduce(0) { sum, point in sum + (0..<power).reduce(point.1) { product, _ in product * point.0 } }
    }
    let (m0, m1, m2, m3, m4) = (moment(0), moment(1), moment(2), moment(3), moment(4))
    let (t0, t1, t2) = (mixed(0), mixed(1), mixed(2))
    func determinant(_ r: [[Double]]) -> Double {
      r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1]) - r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0])
        + r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0])
    }
    let whole = determinant([[m4, m3, m2], [m3, m2, m1], [m2, m1, m0]])
    guard whole.isFinite, abs(whole) > 0 else { return nil }
    let scaledA = determinant([[t2, m3, m2], [t1, m2, m1], [t0, m1, m0]]) / whole
    let scaledB = determinant([[m4, t2, m2], [m3, t1, m1], [m2, t0, m0]]) / whole
    let constant = determinant([[m4, m3, t2], [m3, m2, t1], [m2, m1, t0]]) / whole
    let mean = ys.reduce(0, +) / Double(ys.count)
    let total = ys.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let residual = zip(xs, ys).reduce(0) { sum, point in
      let error = point.1 - (scaledA * point.0 * point.0 + scaledB * point.0 + constant)
      return sum + error * error
    }
    a = scaledA / (unit * unit)
    b = scaledB / unit
    c = constant
    rSquared = total > 0 ? 1 - residual / total : 1
  }

  /// Where the parabola is lowest, −b/2a; nil unless it opens upwards (eq. 9).
  public var minimizer: Double? { a > 0 ? -b / (2 * a) : nil }
}
