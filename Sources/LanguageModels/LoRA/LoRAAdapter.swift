import Basics
import Torch

/// The two factors on one projection: A [rank, in] and B [out, rank], float32 over weights of any dtype.
public final class LoRAFactors {
  public let path: String
  public let a: Tensor
  public let b: Tensor
  public let scale: Double
  var isEnabled = true

  init(path: String, a: Tensor, b: Tensor, scale: Double) {
    self.path = path
    self.a = a
    self.b = b
    self.scale = scale
  }

  /// ΔW = scale · B·A [out, in], float32 (paper eq. 12).
  func delta() throws -> Tensor {
    try withoutGradient { try b.detached().matmul(a.detached()).affine(scale: scale) }
  }
}

/// A set of low-rank factors for a decoder.
public final class LoRAAdapter {
  public let configuration: LoRAConfiguration
  /// In the order of the decoder's projections.
  public let factors: [LoRAFactors]
  private let byPath: [String: LoRAFactors]

  init(configuration: LoRAConfiguration, factors: [LoRAFactors]) {
    self.configuration = configuration
    self.factors = factors
    byPath = Dictionary(factors.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Fresh factors: A from Kaiming-uniform (bound 1/√in, as PEFT), B zero, so that the model starts unchanged.
  /// - Throws: ``Failure`` when no projection matches, or the rank does not fit.
  public convenience init(_ configuration: LoRAConfiguration, for decoder: Decoder, seed: UInt64) throws {
    let targets = decoder.projections.filter { configuration.matches($0.path) }
    guard !targets.isEmpty else {
      throw Failure(
        .usage, at: Location(field: "target-modules"),
        "no projection matches \(configuration.targetModules.joined(separator: ", "))",
        hint: "the projections are \(LoRAConfiguration.allProjections.joined(separator: ", "))")
    }
    guard configuration.rank > 0, configuration.rank <= 1 << 14 else {
      throw Failure(.usage, at: Location(field: "rank"), "expected a positive rank, found \(configuration.rank)")
    }
    let factors = try targets.map { projection in
      let (out, input) = (try projection.weight.size(0), try projection.weight.size(1))
      var random = RandomStream(seed: seed, purpose: projection.path)
      let bound = 1 / Float(input).squareRoot()
      let values = (0..<configuration.rank * input).map { _ in (2 * Float(random.nextUnit()) - 1) * bound }
      return LoRAFactors(
        path: projection.path, a: try Tensor(values, shape: [configuration.rank, input]),
        b: try Tensor.zeros([out, configuration.rank]), scale: configuration.scale)
    }
    self.init(configuration: configuration, factors: factors)
  }

  subscript(path: String) -> LoRAFactors? { byPath[path] }

  /// Name and tensor of every factor, by PEFT's names: A before B, in the order of the projections.
  public var tensors: [(name: String, tensor: Tensor)] {
    factors.flatMap { factor in
      [
        ("base_model.model.\(factor.path).lora_A.weight", factor.a),
        ("base_model.model.\(factor.path).lora_B.weight", factor.b),
      ]
    }
  }

  /// Runs `body` on the unchanged base model, so that no second copy of it is needed.
  public func disabled<Result>(_ body: () throws -> Result) rethrows -> Result {
    for factor in factors { factor.isEnabled = false }
    defer { for factor in factors { factor.isEnabled = true } }
    return try body()
  }

  public var parameterCount: Int { factors.reduce(0) { $0 + $1.a.count + $1.b.count } }
}
