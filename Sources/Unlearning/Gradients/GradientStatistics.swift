/// The numbers of one step from which gradients are combined and step sizes found. Norms and products run over all
/// trainable parameters as one vector.
public struct GradientStatistics: Sendable, Equatable {
  /// The step that these are of, from 1.
  public var step: Int
  /// Mean NLL of the retain rows.
  public var retainLoss: Double
  /// The retain objective, which g_R is the gradient of.
  public var retainObjective: Double
  /// Mean NLL of the forget rows.
  public var forgetLoss: Double
  /// λ of a dual method.
  public var dual: Double
  /// ‖g_R‖
  public var retainNorm: Double
  /// ‖g_F‖
  public var forgetNorm: Double
  /// ⟨g_R, g_F⟩
  public var product: Double

  /// - Parameter retainObjective: the NLL when nil.
  public init(
    step: Int = 1, retainLoss: Double, retainObjective: Double? = nil, dual: Double = 1, forgetLoss: Double,
    retainNorm: Double, forgetNorm: Double, product: Double
  ) {
    self.step = step
    self.retainLoss = retainLoss
    self.retainObjective = retainObjective ?? retainLoss
    self.dual = dual
    self.forgetLoss = forgetLoss
    self.retainNorm = retainNorm
    self.forgetNorm = forgetNorm
    self.product = product
  }

  /// The cosine between both gradients.
  public var cosine: Double { product / (retainNorm * forgetNorm) }

  /// ⟨g_R, d⟩ for d = weights.retain·g_R − weights.forget·g_F.
  public func retainProduct(_ weights: CombinationWeights) -> Double {
    weights.retain * retainNorm * retainNorm - weights.forget * product
  }

  /// ⟨g_F, d⟩
  public func forgetProduct(_ weights: CombinationWeights) -> Double {
    weights.retain * product - weights.forget * forgetNorm * forgetNorm
  }

  /// ‖d‖²
  public func squaredNorm(_ weights: CombinationWeights) -> Double {
    weights.retain * retainProduct(weights) - weights.forget * forgetProduct(weights)
  }

  /// Weights of the same direction, scaled as `torch.nn.utils.clip_grad_norm_` scales when ‖d‖ is above the limit; as they
  /// are without a limit.
  public func clipped(_ weights: CombinationWeights, to limit: Double?) -> CombinationWeights {
    guard let limit else { return weights }
    let norm = max(0, squaredNorm(weights)).squareRoot()
    let factor = ParameterVector.clipFactor(norm: norm, limit: limit)
    return CombinationWeights(retain: weights.retain * factor, forget: weights.forget * factor)
  }
}
