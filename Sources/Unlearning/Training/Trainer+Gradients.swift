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
      return try evaluator.meanGradient(batches, parameters, clipNorm: configuration.clipNorm, target)
    }
    return try evaluator.gradient(first, parameters, clipNorm: configuration.clipNorm, target)
  }

  func statistics(
    _ retained: LossEvaluator.Gradient?, _ forgotten: LossEvaluator.Gradient?
  ) throws -> GradientStatistics {
    let statistics = GradientStatistics(
      step: state.step + 1, retainLoss: retained?.objective ?? 0, dual: state.dual, forgetLoss: forgotten?.loss ?? 0,
      retainNorm: retained?.norm ?? 0, forgetNorm: forgotten?.norm ?? 0,
      product: try -product(retained, forgotten))
    let numbers = [statistics.retainLoss, statistics.forgetLoss, statistics.retainNorm, statistics.forgetNorm]
    guard numbers.allSatisfy(\.isFinite) else {
      throw Failure(
        .fault, "step \(state.step + 1): a loss or gradient is not finite",
        hint: "lower the learning rate, set a retain-budget, or use --dtype float32")
    }
    return statistics
  }

  /// The combiner's weights. When every row of the forget batch has reached the bound there is nothing to forget, and
  /// when the retain budget was just left there is something to mend: such a step goes to the retain rows alone.
  func weights(
    _ statistics: GradientStatistics, _ forgotten: LossEvaluator.Gradient?
  ) throws -> CombinationWeights {
    if let forgotten, forgotten.activeRows == 0 || state.isRepairing {
      return CombinationWeights(retain: statistics.retainNorm > 0 ? 1 / statistics.retainNorm : 0, forget: 0)
    }
    if retainTarget.objective.needs.reference, statistics.retainNorm == 0, statistics.forgetNorm > 0 {
      // The model is still the start model: there is nothing to hold back yet.
      return CombinationWeights(retain: 0, forget: 1 / statistics.forgetNorm)
    }
    return try combiner.weights(statistics)
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
