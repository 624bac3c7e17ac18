import LanguageModels

/// How far a step goes along its update.
extension Trainer {
  func chooseRate(_ probe: StepProbe) throws -> (Double, LearningRateDecision?) {
    let base = state.learningRate
    // A fit finds the rate at which the schedule is 1; the schedule then shapes it as it does a fixed one.
    let factor = configuration.schedule.factor(
      step: state.step, total: totalSteps, warmup: configuration.warmupSteps)
    switch configuration.learningRateMode {
    case .fixed:
      return (configuration.baseLearningRate * factor * state.rateFactor, nil)
    case .gen:
      // Under the warm-up an optimiser's step is not yet what it will be, and new factors have moved nothing.
      let isDue = state.step % configuration.autoPeriod == 0 && state.step >= configuration.warmupSteps
      guard isDue, state.retainStream != nil else { return (base * factor, nil) }
      let decision = try ParabolaProbe.decide(rate: base, probe: probe, rails: configuration.guardRails)
      state.learningRate = decision.after
      return (decision.after * factor, decision)
    case .eq11:
      let isDue = state.step % configuration.autoPeriod == 0 || configuration.scope == .dataset
      // Of one side alone the formula knows nothing: without a retain gradient it says no step at all, without a forget
      // gradient 1/α.
      guard isDue, probe.weights.retain != 0, probe.weights.forget != 0 else {
        return (base * factor * state.rateFactor, nil)
      }
      let decision = CandidateFit.decide(
        candidates: configuration.candidates, rate: base, statistics: probe.statistics, weights: probe.weights,
        rails: configuration.guardRails)
      state.learningRate = decision.after
      return (decision.after * factor * state.rateFactor, decision)
    }
  }

  /// The retain loss at θ − distance·update; θ is restored exactly. Taken on the budget's rows where there is a budget: the
  /// update was made from this step's batch, whose own loss a long step lowers whatever it does to all other rows.
  func retainLoss(at distance: Double, along update: ParameterVector) throws -> Double {
    let kept = try parameters.masters.copied()
    try parameters.step(update, rate: distance)
    let losses = try (budget.map { [$0.samples] } ?? retainBatches).map { try evaluator.loss($0) }
    try parameters.masters.assign(kept)
    try parameters.publish()
    return losses.reduce(0, +) / Double(max(1, losses.count))
  }
}
