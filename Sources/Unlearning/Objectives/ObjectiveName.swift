/// The forget objectives by their names on the command line.
public enum ObjectiveName: String, Sendable, CaseIterable {
  case gradientAscent = "gradient-ascent"
  case negativePreference = "negative-preference"
  case negativeLikelihood = "negative-likelihood"
  case simnpo
  case preference
  case directPreference = "direct-preference"
  case rmu
  case undial
  case selfDistillation = "self-distillation"
  case wga
  case satimp
  case crossEntropyUnlearning = "ce-u"
  case crossEntropyUnlearningOfAll = "ce-u-all"
  case flatLogits = "flat-logits"

  /// β where the publication has one.
  public var beta: Double? {
    switch self {
    case .negativePreference, .directPreference: 0.1
    case .simnpo: 4.5
    case .undial: 10
    case .wga: 1
    case .satimp: 5
    case .gradientAscent, .negativeLikelihood, .preference, .rmu, .selfDistillation, .crossEntropyUnlearning,
      .crossEntropyUnlearningOfAll, .flatLogits:
      nil
    }
  }

  package func objective(_ configuration: RunConfiguration) -> any Objective {
    let beta = configuration.beta ?? beta ?? 1
    return switch self {
    case .gradientAscent: GradientAscent()
    case .negativePreference: NegativePreference(beta: beta)
    case .negativeLikelihood: NegativeLikelihood()
    case .simnpo: SimpleNegativePreference(beta: beta, delta: configuration.delta)
    case .preference: AnswerPreference()
    case .directPreference: DirectPreference(beta: beta)
    case .rmu:
      Misdirection(
        layer: configuration.activeActivationLayer, coefficient: configuration.steeringCoefficient,
        seed: configuration.seed)
    case .undial: SelfDistillation(beta: beta)
    case .selfDistillation: SelfDistillation(beta: .infinity, ascent: configuration.ascentWeight)
    case .wga: GradientAscent.weighted(beta: beta)
    case .satimp: GradientAscent.saturationAndImportance(beta: beta, beta2: configuration.beta2)
    case .crossEntropyUnlearning: CrossEntropyUnlearning()
    case .crossEntropyUnlearningOfAll: CrossEntropyUnlearning(skipsFirst: false)
    case .flatLogits: FlatLogits()
    }
  }
}

/// The retain objectives by their names on the command line.
public enum RetainObjectiveName: String, Sendable, CaseIterable {
  case nll
  case kl
  /// `kl-share`·KL + (1 − `kl-share`)·NLL.
  case klAndNLL = "kl+nll"
  case activations

  package func objective(_ configuration: RunConfiguration) -> any Objective {
    switch self {
    case .nll: LikelihoodRetention()
    case .kl: DivergenceRetention()
    case .klAndNLL: DivergenceRetention(share: configuration.klShare)
    case .activations: ActivationRetention(layer: configuration.activeActivationLayer)
    }
  }
}
