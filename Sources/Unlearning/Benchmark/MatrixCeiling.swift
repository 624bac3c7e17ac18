import Foundation
import Torch

/// The speed of a large matrix product: what every other speed is measured against.
public enum MatrixCeiling {
  /// Billions of operations a second of the product of square matrices, the best of several rounds in about a second.
  ///
  /// Of 2048³, or of the largest size from 256³ on after which the next would take longer than that: without the
  /// instructions for it a product in bfloat16 is a hundred times slower.
  public static func measure(_ dtype: DType) throws -> Double {
    for size in [256, 512, 1024] {
      let (speed, seconds) = try measure(size, dtype, rounds: 3)
      // The next size takes eight times as long, and is taken three times.
      if seconds * 8 * 3 > 1 { return speed }
    }
    return try measure(2048, dtype, rounds: 20).speed
  }

  /// The best of up to `rounds` products: three at least, and no more than a second of them beyond that.
  private static func measure(_ size: Int, _ dtype: DType, rounds: Int) throws -> (speed: Double, seconds: Double) {
    let matrix = try Tensor.full([size, size], 0.5, dtype: dtype)
    var best = Double.infinity
    try withoutGradient {
      let begun = Date()
      for round in 0..<rounds where round < 3 || Date().timeIntervalSince(begun) < 1 {
        let start = Date()
        _ = try matrix.matmul(matrix)
        best = min(best, Date().timeIntervalSince(start))
      }
    }
    return (2 * pow(Double(size), 3) / best / 1e9, best)
  }
}
