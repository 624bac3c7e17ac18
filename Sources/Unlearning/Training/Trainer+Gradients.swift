import Basics
import LanguageModels

/// Batches, gradients and the direction that they make.
extension Trainer {
  /// The batches of one set for one step: one for `scope: batch`, all of them for `scope: dataset`, none without a set.
  func nextBatches(_ stream: inout BatchStream?, _ samples: [Sample]) -> [[Sample]] {
    guard var current = stream else { return [] }
    if configuration.scope == .dataset { return current.allBatches.map { $0.map { samples[$0] } } }
    let batch = current.next().map { samples[$0] }
    stream = current
    return [batch]
  }

  /// The forget batches of one step. A row that was let go sits out a pass, so that more of a step goes to those that are
  /// still known; then it is looked at again, because what is done to others can bring it back.
  func nextForgetBatches() -> [[Sample]] {
    guard configuration.scope == .batch, var stream = state.forgetStream else {
      return nextBatches(&state.forgetStream, forget)
    }
    var resting = state.restingRows ?? []
    forgetRows = stream.next { resting.remove($0) != nil }
    state.restingRows = resting
    state.forgetStream = stream
    return [forgetRows.map { forget[$0] }]
  }

  /// Rows that this step found to be let go sit out a pass.
  func noteRest(_ forgotten: LossEvaluator.Gradient?) {
    guard configuration.forgetBound != nil, let forgotten else { return }
    for (row, isLetGo) in zip(forgetRows, forgotten.isLetGo) where isLetGo { state.restingRows?.insert(row) }
  }

  /// Retain rows that match the forget batch, or the next ones in order.
  func nextRetainBatches(matching forgetBatches: [[Sample]]) -> [[Sample]] {
    guard configuration.scope == .batch, var matched = state.matchedStream, let batch = forgetBatches.first else {
      return nextBatches(&state.retainStream, retain)
    }
    let rows = matched.next(matching: batch, ratio: configuration.activeRetainRatio).map { retain[$0] }
    state.matchedStream = matched
    return [rows]
  }

  func gradient(_ batches: [[Sample]], _ target: LossEvaluator.Target) throws -> LossEvaluator.Gradient? {
    guard let first = batches.first else { return nil }
    guard configuration.scope == .batch else {
      return try evaluator.meanGradient(batches, parameters, clipNorm: configuration.activeClipNorm, target)
    }
    return try evaluator.gradient(first, parameters, clipNorm: configuration.activeClipNorm, target)
  }

  func statistics(
    _ retained: LossEvaluator.Gradient?, _ forgotten: LossEvaluator.Gradient?
  ) throws -> GradientStatistics {
    let statistics = GradientStatistics(
      step: state.step + 1, retainLoss: retained?.loss ?? 0, retainObjective: retained?.objective, dual: state.dual,
      forgetLoss: forgotten?.loss ?? 0, retainNorm: retained?.norm ?? 0, forgetNorm: forgotten?.norm ?? 0,
      product: try -product(retained, forgotten))
    let numbers = [
      statistics.retainLoss, statistics.retainObjective, statistics.forgetLoss, statistics.retainNorm,
      statistics.forgetNorm,
    ]
    guard numbers.allSatisfy(\.isFinite) else {
      if state.step == 0 {
        throw Failure(
          .badData, at: Location(file: modelFolder), "a loss or gradient is not finite in the first step",
          hint: "the model's weights hold NaN or infinite values, or overflow in this dtype; try --dtype float32")
      }
      throw Failure(
        .fault, "step \(state.step + 1): a loss or gradient is not finite",
        hint: "lower the learning rate, set a retain-budget, or use --dtype float32")
    }
    return statistics
  }

  /// The combiner's weights, of the sides that have something to say.
  ///
  /// The forget side has nothing when every row of its batch has reached the bound, when the objective takes none of
  /// their labels, and in a step that mends: the retain budget was left, and no forget row was drawn. The retain side has
  /// nothing without a retain set, and when it is a distance from the start model and the model still is the start model.
  func weights(
    _ statistics: GradientStatistics, _ retained: LossEvaluator.Gradient?, _ forgotten: LossEvaluator.Gradient?
  ) throws -> CombinationWeights {
    let forgets = forgotten.map { $0.activeRows > 0 && $0.units > 0 } ?? false
    let retains = retained != nil && !(retainTarget.objective.isSilentAtStart && state.isAtStart)
    switch (retains, forgets) {
    case (true, true): return try combiner.weights(statistics)
    case (true, false):
      let weights = try combiner.weightsOfRetain(statistics)
      // A dual weight may have come to nothing meanwhile; what is to be mended is mended all the same.
      return state.isRepairing && weights.retain == 0 ? CombinationWeights(retain: 1, forget: 0) : weights
    case (false, true): return try combiner.weightsOfForget(statistics)
    case (false, false): return CombinationWeights(retain: 0, forget: 0)
    }
  }

  func product(_ first: LossEvaluator.Gradient?, _ second: LossEvaluator.Gradient?) throws -> Double {
    guard let first, let second else { return 0 }
    return try first.vector.dot(second.vector)
  }

  /// d = weights.retain·g_R − weights.forget·g_F, g_F being the negative gradient of the forget objective; in the memory
  /// of the first gradient.
  func combine(
    _ retained: ParameterVector?, _ forgotten: ParameterVector?, _ weights: CombinationWeights
  ) throws -> ParameterVector {
    if let retained {
      try retained.scale(by: weights.retain)
      if let forgotten { try retained.add(forgotten, scale: weights.forget) }
      return retained
    }
    let direction = try forgotten ?? .zeros(like: parameters.masters.tensors)
    try direction.scale(by: weights.forget)
    return direction
  }
}
