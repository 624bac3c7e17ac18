/// What can be chosen for a run, for people to read: each choice with what it does, where it is from and its options.
public enum MethodCatalogue {
  public struct Choice: Sendable, Equatable {
    public let name: String
    public let meaning: String
    /// Equation of the paper, or the publication.
    public let source: String
    /// Keys of the configuration that matter to it.
    public let options: [String]
    public let isDefault: Bool
  }

  public struct Section: Sendable, Equatable {
    /// The key that makes the choice.
    public let name: String
    public let choices: [Choice]
  }

  public static let sections = [
    section("method", RunConfiguration().method.rawValue, MethodName.allCases) { method in
      switch method {
      case .ngdiff:
        (
          "d = g_R/‖g_R‖ − g_F/‖g_F‖: neither set can drown the other", "eq 8; Bu et al. 2024",
          ["scope", "forget-bound", "match-retain"]
        )
      case .gradientDifference:
        (
          "d = c·g_R − (1−c)·g_F", "eq 1; Maini et al. 2024",
          ["retain-weight", "scope", "forget-bound", "match-retain"]
        )
      case .gradientAscent: ("d = −g_F: forgets, and holds nothing", "eq 2; Ginart et al. 2019", ["forget-bound"])
      case .memorize: ("plain training on one set; what memorize does", "", ["until-training-loss", "append-eos"])
      }
    },
    section("combiner", "the method's own", CombinerName.allCases) { combiner in
      switch combiner {
      case .ngdiff: ("each gradient at norm one", "eq 8", [])
      case .difference: ("fixed weights", "eq 1", ["retain-weight"])
      }
    },
    section("auto-lr", RunConfiguration().learningRateMode.rawValue, AutoLearningRateMode.allCases) { mode in
      switch mode {
      case .gen:
        (
          "the lowest point of a parabola through the retain loss on both sides", "Bu et al. 2024, Algorithm 1",
          ["initial-learning-rate", "auto-lr-period", "auto-lr-minimum", "auto-lr-maximum", "auto-lr-smoothing"]
        )
      case .eq11:
        ("the paper's own fit to ‖g_R − η·d‖²", "eqs 9 to 11", ["auto-lr-candidates", "auto-lr-period"])
      case .fixed: ("the given rate", "", ["learning-rate", "schedule", "warmup-steps"])
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
    _ key: String, _ chosen: String, _ names: [Name],
    _ describe: (Name) -> (meaning: String, source: String, options: [String])
  ) -> Section {
    Section(
      name: key,
      choices: names.map { name in
        let (meaning, source, options) = describe(name)
        return Choice(
          name: name.rawValue, meaning: meaning, source: source, options: options, isDefault: name.rawValue == chosen)
      })
  }
}
