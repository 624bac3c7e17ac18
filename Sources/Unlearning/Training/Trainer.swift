import Basics
import LanguageModels
import Torch

/// The one training loop: any method, combiner, learning-rate policy, optimiser and tuning go through it.
public final class Trainer {
  public let parameters: TrainableParameters
  public private(set) var state: TrainingState
  public let totalSteps: Int
  private let configuration: RunConfiguration
  private let evaluator: LossEvaluator
  private let optimizer: any BaseOptimizer
  private let retain: [Sample]
  private let forget: [Sample]
  private let budget: RetainBudget?
  /// What a rolled-back step returns to.
  private var lastGood: TrainingSnapshot?

  /// - Parameters:
  ///   - retain: the retain set, or all rows to memorise.
  ///   - forget: the forget set; empty to memorise.
  public init(_ model: LanguageModel, _ configuration: RunConfiguration, retain: [Sample], forget: [Sample]) throws {
    self.configuration = configuration
    parameters = try TrainableParameters(model, configuration)
    evaluator = LossEvaluator(decoder: model.decoder, tokensPerPass: configuration.tokensPerPass)
    optimizer = try configuration.optimizer.optimizer(
      for: parameters.masters, weightDecay: configuration.weightDecay)
    budget =
      configuration.method.usesForget
      ? configuration.retainBudget.map {
        RetainBudget(
          limit: $0, rows: configuration.retainBudgetRows, from: retain, seed: configuration.seed)
      } : nil
    let heldOut = budget?.heldOut ?? []
    self.retain = retain.filter { !heldOut.contains($0.id) }
    self.forget = forget
    state = TrainingState(learningRate: configuration.baseLearningRate)
    func stream(_ samples: [Sample], _ purpose: String) -> BatchStream? {
      samples.isEmpty
        ? nil
        : BatchStream(
          count: samples.count, batchSize: configuration.batchSize, seed: configuration.seed, purpose: purpose)
    }
    state.retainStream = configuration.method.usesRetain ? stream(self.retain, "retain batches") : nil
    state.forgetStream = configuration.method.usesForget ? stream(forget, "forget batches") : nil
    let leading = state.forgetStream ?? state.retainStream
    let stepsPerEpoch = configuration.scope == .dataset ? 1 : leading?.batchesPerEpoch ?? 0
    totalSteps = configuration.steps ?? configuration.epochs * stepsPerEpoch
  }

  /// Whether another step is to be taken.
  public var isDone: Bool { state.stopReason != nil || state.step >= totalSteps }

  /// One step: gradients of both sets, one direction, the optimiser, a step size, the guard rails.
  public func step() throws -> StepReport {
    try prepareBudget()
    retainBatches = nextBatches(&state.retainStream, retain)
    let retained = try gradient(retainBatches)
    let forgotten = try gradient(nextBatches(&state.forgetStream, forget))
    let statistics = try statistics(retained, forgotten)
    let weights = try configuration.activeCombiner.weights(statistics)
    let update = try combine(retained?.vector, forgotten?.vector, weights)
    try optimizer.transform(update, parameters: parameters.masters)

    let probe = StepProbe(statistics: statistics, weights: weights) { [self] distance in
      try retainLoss(at: distance, along: update)
    }
    let (rate, decision) = try chooseRate(probe)
    try parameters.step(update, rate: rate)
    state.step += 1
    state.tokens += (retained?.tokens ?? 0) + (forgotten?.tokens ?? 0)

    var report = StepReport(
      step: state.step, retainLoss: retained?.loss, forgetLoss: forgotten?.loss,
      statistics: retained == nil || forgotten == nil ? nil : statistics, weights: weights, learningRate: rate,
      decision: decision, tokens: state.tokens)
    try enforceBudget(&report)
    try verifyFirstStep()
    decideStop(report)
    return report
  }

  // MARK: Gradients

  /// What the retain gradient of this step was taken on.
  private var retainBatches: [[Sample]] = []

  /// The batches of one set for one step: one for `scope: batch`, all of them for `scope: dataset`, none without a set.
  private func nextBatches(_ stream: inout BatchStream?, _ samples: [Sample]) -> [[Sample]] {
    guard var current = stream else { return [] }
    if configuration.scope == .dataset { return current.allBatches.map { $0.map { samples[$0] } } }
    let batch = current.next().map { samples[$0] }
    stream = current
    return [batch]
  }

  private func gradient(_ batches: [[Sample]]) throws -> LossEvaluator.Gradient? {
    guard let first = batches.first else { return nil }
    guard configuration.scope == .batch else {
      return try evaluator.meanGradient(batches, parameters, clipNorm: configuration.clipNorm)
    }
    let result = try evaluator.gradient(first, parameters)
    if let limit = configuration.clipNorm { try result.vector.clip(to: limit) }
    return result
  }

  private func statistics(
    _ retained: LossEvaluator.Gradient?, _ forgotten: LossEvaluator.Gradient?
  ) throws -> GradientStatistics {
    let statistics = GradientStatistics(
      retainLoss: retained?.loss ?? 0, forgetLoss: forgotten?.loss ?? 0, retainNorm: try retained?.vector.norm() ?? 0,
      forgetNorm: try forgotten?.vector.norm() ?? 0,
      product: try product(retained, forgotten))
    let numbers = [statistics.retainLoss, statistics.forgetLoss, statistics.retainNorm, statistics.forgetNorm]
    guard numbers.allSatisfy(\.isFinite) else {
      throw Failure(
        .fault, "step \(state.step + 1): a loss or gradient is not finite",
        hint: "lower the learning rate, set a retain-budget, or use --dtype float32")
    }
    return statistics
  }

  private func product(_ first: LossEvaluator.Gradient?, _ second: LossEvaluator.Gradient?) throws -> Double {
    guard let first, let second else { return 0 }
    return try first.vector.dot(second.vector)
  }

  /// d = weights.retain·g_R − weights.forget·g_F, in the memory of the first gradient.
  private func combine(
    _ retained: ParameterVector?, _ forgotten: ParameterVector?, _ weights: CombinationWeights
  ) throws -> ParameterVector {
    if let retained {
      try retained.scale(by: weights.retain)
      if let forgotten { try retained.add(forgotten, scale: -weights.forget) }
      return retained
    }
    let direction = try forgotten ?? .zeros(like: parameters.masters.tensors)
    try direction.scale(by: -weights.forget)
    return direction
  }

  // MARK: Step size

  private func chooseRate(_ probe: StepProbe) throws -> (Double, LearningRateDecision?) {
    let base = state.learningRate
    switch configuration.learningRateMode {
    case .fixed:
      let factor = configuration.schedule.factor(
        step: state.step, total: totalSteps, warmup: configuration.warmupSteps)
      return (configuration.baseLearningRate * factor * state.rateFactor, nil)
    case .gen:
      guard state.step % configuration.autoPeriod == 0, state.retainStream != nil else { return (base, nil) }
      let decision = try ParabolaProbe.decide(rate: base, probe: probe, rails: configuration.guardRails)
      state.learningRate = decision.after
      return (decision.after, decision)
    case .eq11:
      guard state.step % configuration.autoPeriod == 0 || configuration.scope == .dataset else {
        return (base * state.rateFactor, nil)
      }
      let decision = CandidateFit.decide(
        candidates: configuration.candidates, rate: base, statistics: probe.statistics, weights: probe.weights)
      state.learningRate = decision.after
      return (decision.after * state.rateFactor, decision)
    }
  }

  /// The retain loss of this step's batch at θ − distance·update; θ is restored exactly.
  private func retainLoss(at distance: Double, along update: ParameterVector) throws -> Double {
    let kept = try parameters.masters.copied()
    try parameters.step(update, rate: distance)
    let losses = try retainBatches.map { try evaluator.loss($0) }
    try parameters.masters.assign(kept)
    try parameters.publish()
    return losses.reduce(0, +) / Double(max(1, losses.count))
  }

  // MARK: Guard rails

  private func prepareBudget() throws {
    guard let budget else { return }
    if state.budgetBaseline == nil { state.budgetBaseline = try evaluator.loss(budget.samples) }
    if lastGood == nil { lastGood = try snapshot() }
  }

  private func enforceBudget(_ report: inout StepReport) throws {
    guard let budget, let baseline = state.budgetBaseline else { return }
    let loss = try evaluator.loss(budget.samples)
    report.budgetLoss = loss
    if budget.allows(loss, baseline: baseline) {
      lastGood = try snapshot()
      return
    }
    report.rolledBack = true
    if let lastGood { try restore(lastGood) }
    state.budgetStrikes += 1
    state.learningRate = max(state.learningRate / 2, configuration.guardRails.minimum)
    if configuration.learningRateMode != .gen { state.rateFactor /= 2 }
  }

  /// LoRA's B starts at zero and must move: otherwise nothing is trained.
  private func verifyFirstStep() throws {
    guard state.step == 1, state.budgetStrikes == 0, configuration.tuning == .lora else { return }
    for (name, tensor) in zip(parameters.names, parameters.masters.tensors) where name.contains("lora_B") {
      guard try tensor.dot(tensor) > 0 else {
        throw Failure(.fault, at: Location(field: name), "the factor did not change in the first step")
      }
    }
  }

  private func decideStop(_ report: StepReport) {
    if let loss = report.forgetLoss {
      let window = configuration.scope == .dataset ? 1 : 4
      state.recentForgetLosses = (state.recentForgetLosses + [loss]).suffix(window)
      let mean = state.recentForgetLosses.reduce(0, +) / Double(state.recentForgetLosses.count)
      if let target = configuration.untilForgetLoss, state.recentForgetLosses.count == window, mean >= target {
        state.stopReason = .forgetTarget
      }
    } else if let loss = report.retainLoss, let target = configuration.untilTrainingLoss {
      state.epochLoss += loss
      state.epochBatches += 1
      if state.epochBatches >= state.retainStream?.batchesPerEpoch ?? 1 {
        if state.epochLoss / Double(state.epochBatches) <= target { state.stopReason = .trainingTarget }
        state.epochLoss = 0
        state.epochBatches = 0
      }
    }
    if state.budgetStrikes >= configuration.retainBudgetStrikes { state.stopReason = .retainBudget }
    if state.stopReason == nil, state.step >= totalSteps { state.stopReason = .steps }
  }

  // MARK: Saving

  /// The tensors of the run at this moment: parameters and the optimiser's moments.
  func snapshot() throws -> TrainingSnapshot {
    TrainingSnapshot(
      parameters: try parameters.masters.copied(), moments: try optimizer.moments.map { try $0.vector.copied() },
      optimizerStep: optimizer.step)
  }

  private func restore(_ snapshot: TrainingSnapshot) throws {
    try parameters.masters.assign(snapshot.parameters)
    try parameters.publish()
    for (moment, saved) in zip(optimizer.moments, snapshot.moments) { try moment.vector.assign(saved) }
    optimizer.step = snapshot.optimizerStep
  }

  /// Records how much of the event log belongs to the state about to be saved.
  func noteEventOffset(_ offset: Int) { state.eventOffset = offset }

  var momentNames: [String] { optimizer.moments.map(\.name) }

  /// Goes back to a saved run: the same steps follow as would have without the interruption.
  func restore(_ snapshot: TrainingSnapshot, state: TrainingState) throws {
    try restore(snapshot)
    self.state = state
    lastGood = nil
  }
}

/// Tensors of a run at one moment.
struct TrainingSnapshot {
  let parameters: ParameterVector
  let moments: [ParameterVector]
  let optimizerStep: Int
}
