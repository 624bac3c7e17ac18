import Basics
import Torch

/// Several adapters as one change of the weights (TIES; Yadav et al. 2023): of each ΔW the largest numbers are kept, a sign
/// is elected for each place, and the mean is taken over those that agree with it. The rule is that of PEFT's
/// `merge_utils.ties`, on whole ΔW as in its `ties_svd`; its `ties` merges the factors A and B apart.
public struct TIESMerge {
  private let adapters: [LoRAAdapter]
  private let weights: [Double]
  private let density: Double

  /// - Parameters:
  ///   - weights: one an adapter.
  ///   - density: share of the numbers of each ΔW that is kept, by magnitude; above 0 and at most 1.
  public init(_ adapters: [LoRAAdapter], weights: [Double], density: Double) throws {
    guard density > 0, density <= 1 else {
      throw Failure(
        .usage, at: Location(field: "--density"), "expected a number above 0 and at most 1, found \(density)")
    }
    if let wrong = weights.first(where: { !$0.isFinite }) {
      throw Failure(.usage, at: Location(field: "--weights"), "expected finite numbers, found \(wrong)")
    }
    guard adapters.count == weights.count else {
      throw Failure(
        .usage, at: Location(field: "--weights"), "expected \(adapters.count) numbers, found \(weights.count)")
    }
    self.adapters = adapters
    self.weights = weights
    self.density = density
  }

  /// The merged ΔW [out, in] of one projection, float32; nil when no adapter changes it.
  public func delta(_ path: String) throws -> Tensor? {
    let found = adapters.map { $0[path] }
    guard let shape = found.compactMap({ $0 }).first.map({ [$0.b.shape[0], $0.a.shape[1]] }) else { return nil }
    let deltas = try found.map { factors in
      try factors.map { try $0.delta().floats() } ?? [Float](repeating: 0, count: shape[0] * shape[1])
    }
    return try Tensor(Self.merge(deltas, weights: weights, density: density), shape: shape)
  }

  /// The rule on plain numbers; all lists are equally long.
  package static func merge(_ deltas: [[Float]], weights: [Double], density: Double) -> [Float] {
    let kept = deltas.map { trimmed($0, keeping: Int(density * Double($0.count))) }
    return (0..<(kept.first?.count ?? 0)).map { place in
      let total = kept.reduce(Float(0)) { $0 + $1[place] }
      var (sum, count) = (Float(0), Float(0))
      for (numbers, weight) in zip(kept, weights) where total >= 0 ? numbers[place] > 0 : numbers[place] < 0 {
        sum += numbers[place] * Float(weight)
        count += 1
      }
      return sum / max(1, count)
    }
  }

  /// The `count` numbers of largest magnitude; zero elsewhere. Of equal ones the first are kept.
  private static func trimmed(_ numbers: [Float], keeping count: Int) -> [Float] {
    guard count < numbers.count else { return numbers }
    // The bits of a magnitude sort as the magnitude does: two passes of counting find the smallest one kept.
    func threshold(_ key: (UInt32) -> Int?, _ wanted: Int) -> (bin: Int, above: Int) {
      var bins = [Int](repeating: 0, count: 1 << 16)
      for number in numbers { if let bin = key(number.magnitude.bitPattern) { bins[bin] += 1 } }
      var (bin, above) = (bins.count - 1, 0)
      while bin > 0, above + bins[bin] < wanted {
        above += bins[bin]
        bin -= 1
      }
      return (bin, above)
    }
    let high = threshold({ Int($0 >> 16) }, count)
    let low = threshold({ Int($0 >> 16) == high.bin ? Int($0 & 0xFFFF) : nil }, count - high.above)
    let smallest = UInt32(high.bin) << 16 | UInt32(low.bin)
    var equal = count - high.above - low.above
    return numbers.map { number in
      let bits = number.magnitude.bitPattern
      guard bits >= smallest else { return 0 }
      if bits == smallest {
        guard equal > 0 else { return 0 }
        equal -= 1
      }
      return number
    }
  }
}
