/// The methods by their names on the command line. A method is a choice of objective, retain objective, combiner and
/// schedule, each of which can be chosen anew.
public enum MethodName: String, Sendable, CaseIterable {
  case ngdiff
  case ngdiffAndSelfDistillation = "ngdiff+self-distillation"
  case ngdiffAndCrossEntropyUnlearning = "ngdiff+ce-u"
  case gradientDifference = "gradient-difference"
  case gradientAscent = "gradient-ascent"
  case klMinimization = "kl-minimization"
  case negativePreference = "negative-preference"
  case preference
  case simnpo
  case rmu
  case undial
  case wga
  case satimp
  case crossEntropyUnlearning = "ce-u"
  case primalDual = "pdu"
  case sugd
  case npoKLAndNLL = "npo+kl+nll"
  /// Plain training on one set.
  case memorize

  /// Whether it forgets something; ``memorize`` does not.
  public var usesForget: Bool { recipe.usesForget }
  /// Whether it holds on to something; gradient ascent alone does not.
  public var usesRetain: Bool { recipe.usesRetain }

  var recipe: MethodRecipe {
    var recipe = MethodRecipe()
    switch self {
    case .ngdiff: recipe.combiner = .ngdiff
    case .ngdiffAndSelfDistillation:
      recipe = MethodRecipe(.selfDistillation)
      recipe.combiner = .ngdiff
      recipe.retainPrior = 3
    case .ngdiffAndCrossEntropyUnlearning:
      recipe = MethodRecipe(.crossEntropyUnlearningOfAll)
      recipe.combiner = .ngdiff
    case .gradientDifference: break
    case .gradientAscent:
      recipe.usesRetain = false
      recipe.forgetWeight = 1
    case .klMinimization: recipe.retain = .kl
    case .negativePreference: recipe = MethodRecipe(.negativePreference, retainWeight: 1, forgetWeight: 1)
    case .preference: recipe = MethodRecipe(.preference)
    case .simnpo: recipe = MethodRecipe(.simnpo, retainWeight: 1, forgetWeight: 0.125)
    case .rmu:
      recipe = MethodRecipe(.rmu, retainWeight: 1, forgetWeight: 1)
      recipe.retain = .activations
    case .undial: recipe = MethodRecipe(.undial, retainWeight: 1, forgetWeight: 1)
    case .wga: recipe = MethodRecipe(.wga, retainWeight: 1, forgetWeight: 1)
    case .satimp: recipe = MethodRecipe(.satimp, retainWeight: 1, forgetWeight: 0.1)
    case .crossEntropyUnlearning: recipe = MethodRecipe(.crossEntropyUnlearning, retainWeight: 1, forgetWeight: 1)
    case .primalDual:
      recipe = MethodRecipe(.flatLogits)
      recipe.combiner = .primalDual
    case .sugd:
      // Factors of −1 a forget row and 0.5 for each of its seven retain rows; the losses here are means over each set.
      recipe = MethodRecipe(.gradientAscent, retainWeight: 7 * 0.5, forgetWeight: 1)
      recipe.forgetChunk = 32
      recipe.chunkEpochs = 7
      recipe.epochs = 1
      recipe.retainRatio = 7
    case .npoKLAndNLL:
      recipe = MethodRecipe(.negativePreference, retainWeight: 0.6, forgetWeight: 0.4)
      recipe.retain = .klAndNLL
    case .memorize:
      recipe.usesForget = false
      recipe.retainWeight = 1
    }
    return recipe
  }
}

/// What a method stands for; each part is in force where the configuration does not say otherwise.
struct MethodRecipe {
  var objective = ObjectiveName.gradientAscent
  var retain = RetainObjectiveName.nll
  var combiner = CombinerName.difference
  var retainWeight = 0.5
  var forgetWeight = 0.5
  var usesRetain = true
  var usesForget = true
  /// Rows of the forget set that are forgotten together before the next ones; nil: all of them.
  var forgetChunk: Int?
  /// Passes over a chunk.
  var chunkEpochs = 1
  /// Passes over the forget set, each of them `chunkEpochs` passes over every chunk; nil: eight, or more of a small set.
  var epochs: Int?
  /// Retain rows for each forget row.
  var retainRatio = 1
  /// Tokens of context by which the retain set tells labels.
  var retainPrior = 0

  /// The values of the keys whose default is the method's own.
  var defaults: [String: String] {
    var values = [
      "retain-weight": String(retainWeight), "forget-weight": String(forgetWeight),
      "chunk-epochs": String(chunkEpochs), "retain-ratio": String(retainRatio),
      "retain-prior": String(retainPrior),
    ]
    values["beta"] = objective.beta.map { String($0) }
    values["forget-chunk"] = forgetChunk.map(String.init)
    values["epochs"] = epochs.map(String.init)
    if !usesForget {
      values["until-training-loss"] = Setting.named("until-training-loss")?.text(RunConfiguration.memorize)
    }
    return values
  }

  init() {}

  init(_ objective: ObjectiveName, retainWeight: Double = 0.5, forgetWeight: Double = 0.5) {
    self.objective = objective
    self.retainWeight = retainWeight
    self.forgetWeight = forgetWeight
  }
}

extension RunConfiguration {
  var activeObjectiveName: ObjectiveName { objective ?? method.recipe.objective }
  var activeRetainObjectiveName: RetainObjectiveName { retainObjective ?? method.recipe.retain }
  var activeCombinerName: CombinerName { combiner ?? method.recipe.combiner }
  var activeObjective: any Objective { activeObjectiveName.objective(self) }
  var activeRetainObjective: any Objective { activeRetainObjectiveName.objective(self) }
  var activeForgetChunk: Int? { forgetChunk ?? method.recipe.forgetChunk }
  var activeChunkEpochs: Int { chunkEpochs ?? method.recipe.chunkEpochs }
  var activeRetainRatio: Int { retainRatio ?? method.recipe.retainRatio }
  /// Nil for no clipping.
  package var activeClipNorm: Double? {
    let norm = clipNorm ?? (scope == .dataset ? 1 : .infinity)
    return norm.isFinite ? norm : nil
  }
  var activeActivationLayer: Int { activationLayer ?? Self.usualActivationLayer }
  var activeRetainPrior: Int { retainPrior ?? method.recipe.retainPrior }

  /// α and γ of α·L_retain + γ·L_forget. Where the method's own weights are c and 1 − c, a retain weight c alone makes the
  /// other 1 − c.
  package var activeWeights: CombinationWeights {
    let recipe = method.recipe
    let isShare = abs(recipe.retainWeight + recipe.forgetWeight - 1) < 1e-9
    let rest = retainWeight.flatMap { isShare ? max(0, 1 - $0) : nil }
    return CombinationWeights(
      retain: retainWeight ?? recipe.retainWeight, forget: forgetWeight ?? rest ?? recipe.forgetWeight)
  }

  var activeCombiner: any GradientCombiner {
    switch activeCombinerName {
    case .ngdiff: NormalizedGradientDifference()
    case .difference: GradientDifference(activeWeights)
    case .lossNormalized: LossNormalizedDifference()
    case .random: RandomWeights(seed: seed)
    case .pcgrad: ProjectedConflicts()
    case .imtlG: ImpartialProjection()
    case .primalDual: PrimalDual(limit: retainLimit)
    }
  }
}
