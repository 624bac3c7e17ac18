import Basics
import LanguageModels
import Torch

/// The one training loop: any method, combiner, learning-rate policy, optimiser and tuning go through it.
public final class Trainer {
  public let parameters: TrainableParameters
  public internal(set) var state: TrainingState
  public let totalSteps: Int
  let configuration: RunConfiguration
  /// For errors.
  let modelFolder: String
  let evaluator: LossEvaluator
  let optimizer: any BaseOptimizer
  let retain: [Sample]
  let forget: [Sample]
  let budget: RetainBudget?
  let retainTarget: LossEvaluator.Target
  var forgetTarget: LossEvaluator.Target
  /// Documents that the model has never seen.
  let unseen: [Sample]
  let combiner: any GradientCombiner
  /// The layer behind which no objective looks, so that nothing there has a gradient.
  let deepestLayer: Int?
  /// What the retain gradient of this step was taken on.
  var retainBatches: [[Sample]] = []
  /// The forget rows of this step, by their place in the set.
  var forgetRows: [Int] = []
  /// What a rolled-back step returns to.
  var lastGood: TrainingSnapshot?
  /// Measures how much of the forget set the model says, 0 to 1; for ``RunConfiguration/untilRegurgitation``.
  public var regurgitation: (() throws -> Double?)?
  /// Whether all factors that have a gradient were seen to move.
  var factorsAreVerified = false

  /// - Parameters:
  ///   - retain: the retain set, or all rows to memorise.
  ///   - forget: the forget set; empty to memorise.
  ///   - unseen: documents like those to forget that the model has never seen, whole texts; their loss is then the
  ///     forget bound of documents.
  ///   - answers: for objectives that want them, each forget row with an answer in place of its output.
  ///   - group: the processes that take every step together; a step is of the same rows however many they are.
  public init(
    _ model: LanguageModel, _ configuration: RunConfiguration, retain: [Sample], forget: [Sample],
    unseen: [Sample] = [], answers: [Sample: Sample] = [:], group: ProcessGroup = .alone,
    progress: (any ProgressObserver)? = nil
  ) throws {
    try configuration.requireFits(model.architecture)
    let configuration = configuration.fitted(to: model.architecture)
    self.configuration = configuration
    modelFolder = model.folder
    parameters = try TrainableParameters(model.decoder, configuration)
    evaluator = LossEvaluator(
      decoder: model.decoder, group: group, tokensPerPass: configuration.tokensPerPass,
      checkpointsActivations: configuration.checkpointsActivations)
    optimizer = try configuration.optimizer.optimizer(
      for: parameters.masters, weightDecay: configuration.weightDecay)
    let recipe = configuration.method.recipe
    let forgets = recipe.usesForget && !forget.isEmpty
    budget =
      forgets
      ? configuration.retainBudget.map {
        RetainBudget(
          limit: $0, slack: configuration.retainBudgetSlack, rows: configuration.retainBudgetRows,
          isHeldOut: configuration.holdsBudgetOut, from: retain, seed: configuration.seed)
      } : nil
    let heldOut = budget?.heldOut ?? []
    self.retain = retain.filter { !heldOut.contains($0.id) }
    self.forget = forget
    var random = RandomStream(seed: UInt64(bitPattern: Int64(configuration.seed)), purpose: "unseen documents")
    let unseen = configuration.forgetBound == nil ? [] : random.shuffled(unseen).prefix(configuration.unseenRows)
    self.unseen = Array(unseen)
    let base = configuration.baseLearningRate
    state = TrainingState(
      learningRate: configuration.learningRateMode == .fixed ? base : configuration.guardRails.held(base))
    let (batchSize, ratio) = (configuration.batchSize, forgets ? configuration.activeRetainRatio : 1)
    if recipe.usesRetain, !self.retain.isEmpty {
      state.retainStream = BatchStream(
        count: self.retain.count, batchSize: batchSize * ratio, seed: configuration.seed, purpose: "retain batches")
    }
    if forgets {
      state.forgetStream = BatchStream(
        count: forget.count, batchSize: batchSize, seed: configuration.seed, purpose: "forget batches",
        chunk: configuration.activeForgetChunk, passes: configuration.activeChunkEpochs)
    }
    if configuration.matchesRetain, state.retainStream != nil, state.forgetStream != nil {
      state.matchedStream = MatchedStream(self.retain, seed: configuration.seed)
    }
    let leading = state.forgetStream ?? state.retainStream
    let stepsPerEpoch = configuration.scope == .dataset ? 1 : leading?.batchesPerEpoch ?? 0
    totalSteps = configuration.totalSteps(perEpoch: stepsPerEpoch)
    combiner = configuration.activeCombiner
    let (objective, retainObjective) = (configuration.activeObjective, configuration.activeRetainObjective)
    deepestLayer = configuration.deepestLayer
    func reference(_ needs: ObjectiveNeeds, _ samples: [Sample]) throws -> ReferenceStates {
      try ReferenceStates(
        model.decoder, samples, needs: needs, tokensPerPass: configuration.tokensPerPass,
        copiesHead: configuration.tuning == .full, progress: progress)
    }
    let prior =
      configuration.activeRetainPrior == 0
      ? nil
      : RetainPrior(
        length: configuration.activeRetainPrior, retain: self.retain, vocabulary: model.architecture.vocabularySize)
    var bound = ForgetBound(limit: configuration.forgetBound)
    bound.unseenSurprise = prior.flatMap { unseen.map($0.surprise(of:)).median }
    retainTarget = LossEvaluator.Target(
      retainObjective, reference: try reference(retainObjective.needs, state.retainStream == nil ? [] : self.retain))
    forgetTarget = LossEvaluator.Target(
      objective, bound: bound,
      reference: try reference(objective.needs, forget + forget.compactMap { answers[$0] }),
      prior: prior, answers: answers)
  }

  /// Whether another step is to be taken.
  public var isDone: Bool { state.stopReason != nil || state.step >= totalSteps }

  /// One step: gradients of both sets, one direction, the optimiser, a step size, the guard rails.
  public func step() throws -> StepReport {
    try prepareBudget()
    try followUnseen()
    let forgetBatches = state.isRepairing ? [] : nextForgetBatches()
    retainBatches = nextRetainBatches(matching: forgetBatches)
    let retained = try gradient(retainBatches, retainTarget)
    let forgotten = try gradient(forgetBatches, forgetTarget)
    noteRest(forgotten)
    let statistics = try statistics(retained, forgotten)
    let weights = statistics.clipped(
      try weights(statistics, retained, forgotten), to: configuration.maximumGradientNorm)
    let (wasAtStart, dual) = (state.isAtStart, state.dual)
    if !state.isRepairing { state.dual = combiner.dual(after: statistics) }
    if weights.retain != 0 || weights.forget != 0 { state.isAtStart = false }
    let update = try combine(retained?.vector, forgotten?.vector, weights)
    try optimizer.transform(update, parameters: parameters.masters)

    let probe = StepProbe(
      statistics: statistics, weights: weights,
      currentLoss: budget.map(budgetLoss) ?? { retained?.loss ?? 0 },
      allowance: budget.flatMap { budget in state.budgetBaseline.map { budget.allowance(baseline: $0) } }
    ) { [self] distance in try retainLoss(at: distance, along: update) }
    let (rate, decision) = try chooseRate(probe)
    try parameters.step(update, rate: rate)
    state.step += 1
    state.tokens += (retained?.tokens ?? 0) + (forgotten?.tokens ?? 0)

    var report = StepReport(
      step: state.step, retainLoss: retained?.loss, forgetLoss: forgotten?.loss,
      statistics: state.retainStream == nil || state.forgetStream == nil ? nil : statistics, weights: weights,
      learningRate: rate,
      decision: decision, activeForgetRows: configuration.forgetBound == nil ? nil : forgotten?.activeRows,
      unseenLoss: state.unseenLoss,
      tokens: state.tokens)
    try enforceBudget(&report)
    if report.rolledBack {
      (state.isAtStart, state.dual) = (wasAtStart, dual)
    } else {
      try verifyFactors(after: weights)
    }
    report.regurgitation = try measuredRegurgitation()
    decideStop(report)
    return report
  }
}

/// Tensors of a run at one moment.
struct TrainingSnapshot {
  let parameters: ParameterVector
  let moments: [ParameterVector]
  var optimizerStep: Int
}
