/// What was set and does nothing, which is better said than left to be found out.
extension RunConfiguration {
  /// A sentence for each key whose value is not that of `base` and that nothing in force looks at, such as `beta is not
  /// used with objective gradient-ascent`. Which keys belong to which choice, ``MethodCatalogue`` knows.
  /// - Parameters:
  ///   - memorizes: whether there is no forget set, whatever the method is.
  ///   - hasUnseen: whether there are unseen documents.
  package func settingsWithoutEffect(
    over base: RunConfiguration, memorizes: Bool, hasUnseen: Bool
  ) -> [String] {
    Setting.all.filter { $0.text(self) != $0.text(base) }.compactMap { setting in
      reason(setting.key, memorizes, hasUnseen).map { "\(setting.key) is not used \($0)" }
    }
  }

  /// Nil where the key is used.
  private func reason(_ key: String, _ memorizes: Bool, _ hasUnseen: Bool) -> String? {
    if memorizes, key == "method" { return "beyond its retain side: nothing is forgotten" }
    if memorizes || !method.usesForget, Self.ofForgetting.contains(key) { return "where nothing is forgotten" }
    if !method.usesRetain, Self.ofRetaining.contains(key) {
      return "with method \(method.rawValue), which holds nothing"
    }
    if key == "epochs", steps != nil { return "beside steps" }
    if key.hasPrefix("unseen-"), !hasUnseen { return "without --unseen" }
    if ["evaluate-rows", "reveal-forget-text"].contains(key), !evaluates { return "where nothing is evaluated" }
    if key == "until-training-loss", !memorizes { return "where something is forgotten" }
    if scope == .dataset, Self.ofBatches.contains(key) { return "with scope dataset" }
    if key == "initial-learning-rate", learningRate != nil { return "beside learning-rate" }
    if key.hasPrefix("retain-budget-"), retainBudget == nil { return "without retain-budget" }
    if key.hasPrefix("regurgitation-"), untilRegurgitation == nil { return "without until-regurgitation" }
    return unwantedByChoices(key, memorizes: memorizes)
  }

  private static let ofForgetting: Set = [
    "objective", "forget-bound", "unseen-rows", "unseen-period", "retain-prior", "match-retain", "forget-chunk",
    "chunk-epochs", "retain-ratio", "until-forget-loss", "until-regurgitation", "regurgitation-rows",
    "regurgitation-period", "retain-budget", "retain-budget-slack", "retain-budget-rows", "retain-budget-held-out",
    "retain-budget-strikes",
  ]

  private static let ofRetaining: Set = ["retain-objective", "kl-share", "retain-ratio", "match-retain"]
  private static let ofBatches: Set = ["forget-chunk", "chunk-epochs", "match-retain"]

  /// Of a key that choices list: which choices in force do not. A seed is of more than the choice that lists it.
  private func unwantedByChoices(_ key: String, memorizes: Bool) -> String? {
    let owners = MethodCatalogue.sections.filter { section in
      section.name != "method" && section.choices.contains { choice in choice.options.contains { $0.key == key } }
    }
    guard !owners.isEmpty, key != "seed" else { return nil }
    let choices = owners.compactMap { section in
      choice(section.name, memorizes: memorizes).map { name in (section, name) }
    }
    let isUsed = choices.contains { section, name in
      section.choices.contains { $0.name == name && $0.options.contains { $0.key == key } }
    }
    guard !isUsed else { return nil }
    let names = choices.map { "\($0.name) \($1)" }
    return names.isEmpty ? "where nothing is forgotten" : "with \(names.joined(separator: " and "))"
  }

  /// The choice in force of a section of the catalogue; nil where the method has no such side.
  private func choice(_ section: String, memorizes: Bool) -> String? {
    switch section {
    case "objective": method.usesForget && !memorizes ? activeObjectiveName.rawValue : nil
    case "retain-objective": method.usesRetain ? activeRetainObjectiveName.rawValue : nil
    case "combiner": activeCombinerName.rawValue
    case "auto-lr": learningRateMode.rawValue
    case "optimizer": optimizer.rawValue
    case "tuning": tuning.rawValue
    default: nil
    }
  }
}
