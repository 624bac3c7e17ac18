import Foundation
import Torch

/// Cosines and sines of the rotary embedding for positions 0 ..< length, grown when longer rows come.
final class RotaryTable {
  private let frequencies: [Float]
  private var length = 0
  private var cosine: Tensor?
  private var sine: Tensor?

  init(_ architecture: Architecture) {
    let half = architecture.headSize / 2
    // float32 as in transformers, each function correctly rounded.
    frequencies = (0..<half).map { index in
      let exponent = Float(2 * index) / Float(architecture.headSize)
      let plain = 1 / Float(pow(architecture.rotaryBase, Double(exponent)))
      return Self.scaled(plain, architecture.rotaryScaling)
    }
  }

  /// Cosine and sine rows [positions.count, head size / 2], float32.
  func rows(_ positions: [Int]) throws -> (cosine: Tensor, sine: Tensor) {
    let needed = (positions.max() ?? 0) + 1
    if needed > length { try grow(to: max(needed, 2 * length, 256)) }
    guard let cosine, let sine else {
      throw TorchError(operation: "rotary", operands: [], reason: "no positions")
    }
    let indices = try Tensor(positions)
    return (try cosine.selected(indices), try sine.selected(indices))
  }

  private func grow(to newLength: Int) throws {
    var cosines: [Float] = []
    var sines: [Float] = []
    cosines.reserveCapacity(newLength * frequencies.count)
    sines.reserveCapacity(newLength * frequencies.count)
    for position in 0..<newLength {
      for frequency in frequencies {
        let angle = Float(position) * frequency
        cosines.append(Float(cos(Double(angle))))
        sines.append(Float(sin(Double(angle))))
      }
    }
    cosine = try Tensor(cosines, shape: [newLength, frequencies.count])
    sine = try Tensor(sines, shape: [newLength, frequencies.count])
    length = newLength
  }

  private static func scaled(_ frequency: Float, _ scaling: Architecture.RotaryScaling) -> Float {
    switch scaling {
    case .none: return frequency
    case .linear(let factor): return frequency / Float(factor)
    case .llama3(let factor, let low, let high, let original):
      // transformers' _compute_llama3_parameters: wavelengths below original / high are kept, above original / low
      // divided by the factor, and interpolated between.
      let wavelength = 2 * Float.pi / frequency
      let divided = frequency / Float(factor)
      if wavelength > Float(original) / Float(low) { return divided }
      if wavelength < Float(original) / Float(high) { return frequency }
      let smooth = (Float(original) / wavelength - Float(low)) / (Float(high) - Float(low))
      return (1 - smooth) * divided + smooth * frequency
    }
  }
}
