import Basics
import LanguageModels

/// The retain budget, the loss of unseen documents, the check of the first step, and when to stop.
extension Trainer {
  /// Takes the loss of the unseen documents every ``RunConfiguration/unseenPeriod`` steps: what is unlearned changes it.
  func followUnseen() throws {
    guard !unseen.isEmpty else { return }
    if state.step % configuration.unseenPeriod == 0 {
      let share = evaluator.group.membership.share(of: unseen.map(\.inputIDs.count))
      let losses = try RowScorer(evaluator.decoder, maximumTokens: configuration.tokensPerPass)
        .score(share.map { unseen[$0] }).map { $0.nll ?? .nan }
      state.unseenLoss = try evaluator.group.joined(losses, at: share, count: unseen.count).filter { !$0.isNaN }.median
    }
    forgetTarget.bound.unseenLoss = state.unseenLoss
  }

  func prepareBudget() throws {
    guard let budget else { return }
    if state.budgetBaseline == nil { state.budgetBaseline = try evaluator.loss(budget.samples) }
    if lastGood == nil { try keepGood() }
  }

  /// A closure for the loss on the budget's rows now.
  func budgetLoss(_ budget: RetainBudget) -> () throws -> Double { { [self] in try evaluator.loss(budget.samples) } }

  func enforceBudget(_ report: inout StepReport) throws {
    guard let budget, let baseline = state.budgetBaseline else { return }
    let loss = try evaluator.loss(budget.samples)
    report.budgetLoss = loss
    if budget.allows(loss, baseline: baseline) {
      try keepGood()
      if state.isRepairing { state.isRepairing = !budget.isHalfFree(loss, baseline: baseline) }
      return
    }
    report.rolledBack = true
    if let lastGood { try restore(lastGood) }
    state.budgetStrikes += 1
    state.isRepairing = state.retainStream != nil
    if configuration.learningRateMode == .gen {
      state.learningRate = max(state.learningRate / 2, configuration.guardRails.minimum)
    } else {
      state.rateFactor /= 2
    }
  }

  /// LoRA's B starts at zero and must move with the first step that goes anywhere: otherwise nothing is trained. Layers
  /// behind the one that the objectives of this step look at have no gradient, and neither have queries and keys where
  /// every label is the second token of its row: there is one key to look at.
  func verifyFactors(after weights: CombinationWeights) throws {
    guard !factorsAreVerified, configuration.tuning == .lora, weights.retain != 0 || weights.forget != 0 else { return }
    let acting: [any Objective] =
      (weights.forget != 0 ? [forgetTarget.objective] : []) + (weights.retain != 0 ? [retainTarget.objective] : [])
    let deepest = acting.deepestLayer
    for (name, tensor) in zip(parameters.names, parameters.masters.tensors) where name.contains("lora_B") {
      if let deepest, let layer = TrainableParameters.layer(of: name), layer > deepest { continue }
      if ["q_proj", "k_proj"].contains(where: name.contains) { continue }
      guard try tensor.dot(tensor) > 0 else {
        throw Failure(
          .fault, at: Location(field: name),
          "the factor did not change in step \(state.step), the first that has a gradient")
      }
    }
    factorsAreVerified = deepest == deepestLayer
  }

  /// Every ``RunConfiguration/regurgitationPeriod`` steps and in the last one: nil between them, and without a target.
  func measuredRegurgitation() throws -> Double? {
    guard configuration.untilRegurgitation != nil, let regurgitation else { return nil }
    guard state.step % configuration.regurgitationPeriod == 0 || state.step >= totalSteps else { return nil }
    return try regurgitation()
  }

  func decideStop(_ report: StepReport) {
    if let active = report.activeForgetRows {
      // Nothing left to forget in a whole pass over the forget set: done, unless it was said how many steps to take.
      state.quietSteps = active == 0 ? state.quietSteps + 1 : 0
      let pass = configuration.scope == .dataset ? 1 : state.forgetStream?.batchesPerEpoch ?? 1
      if state.quietSteps >= pass, configuration.steps == nil { state.stopReason = .forgetTarget }
    }
    if let loss = report.forgetLoss {
      let window = configuration.scope == .dataset ? 1 : 4
      state.recentForgetLosses = (state.recentForgetLosses + [loss]).suffix(window)
      let mean = state.recentForgetLosses.reduce(0, +) / Double(state.recentForgetLosses.count)
      if let target = configuration.untilForgetLoss, state.recentForgetLosses.count == window, mean >= target {
        state.stopReason = .forgetTarget
      }
    } else if state.forgetStream == nil, let loss = report.retainLoss, let target = configuration.untilTrainingLoss {
      state.epochLoss += loss
      state.epochBatches += 1
      if state.epochBatches >= state.retainStream?.batchesPerEpoch ?? 1 {
        if state.epochLoss / Double(state.epochBatches) <= target { state.stopReason = .trainingTarget }
        state.epochLoss = 0
        state.epochBatches = 0
      }
    }
    if let said = report.regurgitation, let target = configuration.untilRegurgitation, said <= target {
      state.stopReason = .forgetTarget
    }
    if state.budgetStrikes >= configuration.retainBudgetStrikes { state.stopReason = .retainBudget }
    if state.stopReason == nil, state.step >= totalSteps { state.stopReason = .steps }
  }
}
