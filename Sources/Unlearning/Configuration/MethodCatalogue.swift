/// What can be chosen for a run, for people to read: each choice with what it does, where it is from and its options.
public enum MethodCatalogue {
  public struct Choice: Sendable, Equatable {
    public let name: String
    public let meaning: String
    /// Equation of the paper, or the publication.
    public let source: String
    /// Keys of the configuration that matter to it.
    public let options: [Option]
    public let isDefault: Bool
  }

  /// A key of the configuration and the value in force for this choice when none is given.
  public struct Option: Sendable, Equatable {
    public let key: String
    public let value: String
  }

  public struct Section: Sendable, Equatable {
    /// The key that makes the choice.
    public let name: String
    public let choices: [Choice]
  }

  public static let sections = [
    section(
      "method", RunConfiguration().method.rawValue, MethodName.allCases, own: { $0.recipe.defaults }
    ) { method in
      let own = { (recipe: MethodRecipe) -> String in
        "\(recipe.objective.rawValue) × \(recipe.retain.rawValue) × \(recipe.combiner.rawValue)"
      }
      let balance = ["retain-weight", "forget-weight"]
      let parts = own(method.recipe)
      return switch method {
      case .ngdiff: (parts, "eq 8; Bu et al. 2024", ["scope", "forget-bound", "match-retain"])
      case .ngdiffAndSelfDistillation:
        (
          parts, "eq 8; Bu et al. 2024; Dong et al. 2024",
          ["scope", "forget-bound", "match-retain", "retain-prior", "ascent-weight"]
        )
      case .ngdiffAndCrossEntropyUnlearning:
        (parts, "eq 8; Bu et al. 2024; Yang 2025", ["scope", "forget-bound", "match-retain"])
      case .gradientDifference: (parts, "eq 1; Maini et al. 2024", balance)
      case .gradientAscent: ("gradient-ascent alone: holds nothing", "eq 2; Ginart et al. 2019", ["forget-bound"])
      case .klMinimization: (parts, "eq 3; Maini et al. 2024", balance)
      case .negativePreference: (parts, "eq 4; Zhang et al. 2024", balance + ["beta"])
      case .preference: (parts, "eq 5; Maini et al. 2024", balance)
      case .simnpo: (parts, "Fan et al. 2024", balance + ["beta", "delta"])
      case .rmu: (parts, "Li et al. 2024", balance + ["activation-layer", "steering-coefficient"])
      case .undial: (parts, "Dong et al. 2024", balance + ["beta"])
      case .wga: (parts, "Wang et al. 2025", balance + ["beta"])
      case .satimp: (parts, "Yang et al. 2025", balance + ["beta", "beta-2"])
      case .crossEntropyUnlearning: (parts, "Yang 2025", balance)
      case .primalDual: (parts, "Entesari et al. 2025", ["retain-limit"])
      case .sugd:
        (
          "\(parts), chunk by chunk", "AILS-NTUA, SemEval-2025 winner",
          balance + ["forget-chunk", "chunk-epochs", "epochs", "retain-ratio"]
        )
      case .npoKLAndNLL: (parts, "ZJUKLAB, SemEval-2025", balance + ["beta", "kl-share"])
      case .memorize: ("plain training on one set; what memorize does", "", ["until-training-loss", "append-eos"])
      }
    },
    section(
      "objective", "the method's own", ObjectiveName.allCases,
      own: { $0.beta.map { ["beta": String($0)] } ?? [:] }
    ) { objective in
      let beta = objective.beta == nil ? [] : ["beta"]
      return switch objective {
      case .gradientAscent: ("−mean NLL", "eq 2", [])
      case .negativePreference: ("−(2/β)·mean log σ(β(ℓ − ℓ_ref))", "eq 4; Zhang et al. 2024", beta)
      case .negativeLikelihood: ("−mean log(1 − P(y∣x))", "eq 4 as the paper writes it", [])
      case .simnpo: ("−(2/β)·mean log σ(β(ℓ/n − δ))", "Fan et al. 2024", beta + ["delta"])
      case .preference: ("mean NLL of \"I don't know\" answers", "eq 5; Maini et al. 2024", [])
      case .directPreference: ("DPO: the answer preferred to the output", "Rafailov et al. 2023", beta)
      case .rmu:
        ("activations drawn to a random direction", "Li et al. 2024", ["activation-layer", "steering-coefficient"])
      case .undial: ("the start model's distribution, less the label", "Dong et al. 2024", beta)
      case .selfDistillation:
        ("the same without the label; −λ·min(nll, bound)", "after Dong et al. 2024, β = ∞", ["ascent-weight"])
      case .wga: ("−mean p^β·nll", "Wang et al. 2025", beta)
      case .satimp: ("−mean p^β₁·(1 − p)^β₂·nll", "Yang et al. 2025", beta + ["beta-2"])
      case .crossEntropyUnlearning: ("the own distribution without the label", "Yang 2025", [])
      case .crossEntropyUnlearningOfAll: ("the same, of the first label of each row too", "after Yang 2025", [])
      case .flatLogits: ("mean (max logit − mean logit)²", "Entesari et al. 2025", [])
      }
    },
    section("retain-objective", "the method's own", RetainObjectiveName.allCases) { objective in
      switch objective {
      case .nll: ("mean NLL", "eq 1", [])
      case .kl: ("KL(ref‖model), over the whole vocabulary", "eq 3", [])
      case .klAndNLL: ("both, weighted", "ZJUKLAB, SemEval-2025", ["kl-share"])
      case .activations: ("distance from the start model's activations", "Li et al. 2024", ["activation-layer"])
      }
    },
    section("combiner", "the method's own", CombinerName.allCases) { combiner in
      switch combiner {
      case .ngdiff: ("g_R/‖g_R‖ − g_F/‖g_F‖: neither set can drown the other", "eq 8", [])
      case .difference: ("α·g_R − γ·g_F", "eq 1", ["retain-weight", "forget-weight"])
      case .lossNormalized: ("g_R/|L_R| − g_F/|L_F|", "Bu et al. 2024", [])
      case .random: ("weights drawn anew each step", "Lin et al. 2022", ["seed"])
      case .pcgrad: ("each gives up its part against the other", "Yu et al. 2020", [])
      case .imtlG: ("equal projections on both; weights sum to one", "Liu et al. 2021", [])
      case .primalDual: ("λ·g_R − g_F, λ rising while L_R is above ε", "Entesari et al. 2025", ["retain-limit"])
      }
    },
    section("auto-lr", RunConfiguration().learningRateMode.rawValue, AutoLearningRateMode.allCases) { mode in
      let shape = ["learning-rate", "initial-learning-rate", "schedule", "warmup-steps"]
      let fit = ["auto-lr-period", "auto-lr-minimum", "auto-lr-maximum"]
      return switch mode {
      case .gen:
        (
          "the lowest point of a parabola through the retain loss on both sides", "Bu et al. 2024, Algorithm 1",
          fit + ["auto-lr-smoothing", "auto-lr-flat"] + shape
        )
      case .eq11:
        (
          "the paper's own fit to ‖g_R − η·d‖²", "eqs 9 to 11",
          ["auto-lr-candidates"] + fit + shape
        )
      case .fixed: ("the given rate", "", shape)
      }
    },
    section("optimizer", RunConfiguration().optimizer.rawValue, OptimizerName.allCases) { optimizer in
      switch optimizer {
      case .sgd: ("θ ← θ − η·d", "eq 8", ["weight-decay"])
      case .adamw: ("d is preconditioned by its moments", "Loshchilov and Hutter 2019", ["weight-decay"])
      }
    },
    section("tuning", RunConfiguration().tuning.rawValue, TuningName.allCases) { tuning in
      switch tuning {
      case .lora:
        ("low-rank factors over frozen weights", "eq 12; Hu et al. 2021", ["rank", "alpha", "target-modules"])
      case .full: ("all weights", "", [])
      case .lastLayers: ("all weights of the last layers", "", ["last-layers"])
      }
    },
  ]

  private static func section<Name: RawRepresentable<String>>(
    _ key: String, _ chosen: String, _ names: [Name], own: (Name) -> [String: String] = { _ in [:] },
    _ describe: (Name) -> (meaning: String, source: String, options: [String])
  ) -> Section {
    Section(
      name: key,
      choices: names.map { name in
        let (meaning, source, options) = describe(name)
        let values = own(name)
        var common = RunConfiguration()
        // Those of a model that has so many.
        common.activationLayer = RunConfiguration.usualActivationLayer
        common.lastLayers = RunConfiguration.usualLastLayers
        return Choice(
          name: name.rawValue, meaning: meaning, source: source,
          options: options.map { key in
            Option(key: key, value: values[key] ?? Setting.named(key)?.text(common) ?? "none")
          },
          isDefault: name.rawValue == chosen)
      })
  }
}
