import Basics
import Torch

/// RMU (Li et al. 2024): the activations after one layer, at the label tokens, are drawn to c·u, u a random direction of
/// length one: mean squared distance over tokens and width.
public struct Misdirection: Objective {
  public let layer: Int
  public let coefficient: Double
  public let seed: Int

  public init(layer: Int = 7, coefficient: Double = 2, seed: Int = 0) {
    self.layer = layer
    self.coefficient = coefficient
    self.seed = seed
  }

  public var needs: ObjectiveNeeds { ObjectiveNeeds(activationLayer: layer) }

  /// u [width]: uniform numbers from 0 to 1 (as in the authors' code), brought to length one.
  package func direction(width: Int) -> [Double] {
    var random = RandomStream(seed: UInt64(bitPattern: Int64(seed)), purpose: "misdirection")
    let numbers = (0..<width).map { _ in random.nextUnit() }
    let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return numbers.map { $0 / max(length, 1e-12) }
  }

  public func loss(_ pass: ObjectivePass) throws -> ObjectiveSum {
    guard let activations = pass.activations else { throw pass.missing("activations") }
    let target = try pass.constants(direction(width: activations.size(1)).map { coefficient * $0 })
    let distances = try pass.meanSquare(activations, from: target.reshaped([1, target.count]))
    return ObjectiveSum(value: try pass.labelSum(distances), units: Double(pass.activeLabels))
  }
}
