import Foundation
import Torch

/// The speed of a large matrix product: what every other speed is measured against.
public enum MatrixCeiling {
  /// Billions of operations a second of a 2048³ product, the best of several rounds in about a second.
  public static func measure(_ dtype: DType) throws -> Double {
    let size = 2048
    let matrix = try Tensor.full([size, size], 0.5, dtype: dtype)
    var best = Double.infinity
    try withoutGradient {
      let begun = Date()
      for round in 0..<20 where round < 3 || Date().timeIntervalSince(begun) < 1 {
        let start = Date()
        _ = try matrix.matmul(matrix)
        best = min(best, Date().timeIntervalSince(start))
      }
    }
    return 2 * pow(Double(size), 3) / best / 1e9
  }
}
