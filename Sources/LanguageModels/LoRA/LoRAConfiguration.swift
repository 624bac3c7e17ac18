/// Which projections get low-rank factors, and how large they are (paper §4.6, eq. 12; Hu et al. 2021).
public struct LoRAConfiguration: Sendable, Equatable {
  /// All seven linear projections of a block.
  public static let allProjections = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

  public var rank: Int
  public var alpha: Double
  /// Last components of the paths that get factors.
  public var targetModules: [String]
  /// PEFT's `use_rslora`: the factor is α/√r instead of α/r.
  public var usesRankStabilizedScale: Bool

  public init(
    rank: Int, alpha: Double? = nil, targetModules: [String] = allProjections, usesRankStabilizedScale: Bool = false
  ) {
    self.rank = rank
    self.alpha = alpha ?? Double(2 * rank)
    self.targetModules = targetModules
    self.usesRankStabilizedScale = usesRankStabilizedScale
  }

  /// The paper's fixed ratio: rank = hidden size / 32, α = 2r.
  public static func ratio(_ architecture: Architecture, divisor: Int = 32) -> LoRAConfiguration {
    LoRAConfiguration(rank: max(1, architecture.hiddenSize / max(1, divisor)))
  }

  /// ΔW = scale · B·A.
  public var scale: Double { alpha / (usesRankStabilizedScale ? Double(rank).squareRoot() : Double(rank)) }

  /// True for a path such as `model.layers.0.mlp.up_proj`.
  func matches(_ path: String) -> Bool {
    targetModules.contains { path == $0 || path.hasSuffix(".\($0)") }
  }
}
