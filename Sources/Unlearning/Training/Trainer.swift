import Basics
import LanguageModels
import Torch

/// The one training loop: any method, combiner, learning-rate policy, optimiser and tuning go through it.
public final class Trainer {
  public let parameters: TrainableParameters
  public internal(set) var state: TrainingState
  public let totalSteps: Int
  let configuration: RunConfiguration
  let evaluator: LossEvaluator
  let optimizer: any BaseOptimizer
  let retain: [Sample]
  let forget: [Sample]
  let budget: RetainBudget?
  /// What the retain gradient of this step was taken on.
  var retainBatches: [[Sample]] = []
  /// What a rolled-back step returns to.
  var lastGood: TrainingSnapshot?

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
          limit: $0, slack: configuration.retainBudgetSlack, rows: configuration.retainBudgetRows, from: retain,
          seed: configuration.seed)
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
    if configuration.matchesRetain, state.retainStream != nil, state.forgetStream != nil {
      state.matchedStream = MatchedStream(self.retain, seed: configuration.seed)
    }
    let leading = state.forgetStream ?? state.retainStream
    let stepsPerEpoch = configuration.scope == .dataset ? 1 : leading?.batchesPerEpoch ?? 0
    totalSteps = configuration.steps ?? configuration.epochs * stepsPerEpoch
  }

  /// Whether another step is to be taken.
  public var isDone: Bool { state.stopReason != nil || state.step >= totalSteps }

  /// One step: gradients of both sets, one direction, the optimiser, a step size, the guard rails.
  public func step() throws -> StepReport {
    try prepareBudget()
    let forgetBatches = nextBatches(&state.forgetStream, forget)
    retainBatches = nextRetainBatches(matching: forgetBatches)
    let retained = try gradient(retainBatches)
    let forgotten = try gradient(forgetBatches, bound: ForgetBound(limit: configuration.forgetBound))
    let statistics = try statistics(retained, forgotten)
    let weights = try weights(statistics, forgotten)
    let update = try combine(retained?.vector, forgotten?.vector, weights)
    try optimizer.transform(update, parameters: parameters.masters)

    let probe = StepProbe(
      statistics: statistics, weights: weights, currentLoss: budget.map(budgetLoss)
    ) { [self] distance in try retainLoss(at: distance, along: update) }
    let (rate, decision) = try chooseRate(probe)
    try parameters.step(update, rate: rate)
    state.step += 1
    state.tokens += (retained?.tokens ?? 0) + (forgotten?.tokens ?? 0)

    var report = StepReport(
      step: state.step, retainLoss: retained?.loss, forgetLoss: forgotten?.loss,
      statistics: retained == nil || forgotten == nil ? nil : statistics, weights: weights, learningRate: rate,
      decision: decision, activeForgetRows: configuration.forgetBound == nil ? nil : forgotten?.activeRows,
      tokens: state.tokens)
    try enforceBudget(&report)
    try verifyFirstStep()
    decideStop(report)
    return report
  }
}

/// Tensors of a run at one moment.
struct TrainingSnapshot {
  let parameters: ParameterVector
  let moments: [ParameterVector]
  let optimizerStep: Int
}
