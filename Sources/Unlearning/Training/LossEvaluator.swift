import LanguageModels
import Torch

/// Mean cross-entropy over the label tokens of a batch of samples, and its gradient, a few packed passes at a time.
struct LossEvaluator {
  let decoder: Decoder
  let tokensPerPass: Int

  struct Gradient {
    let loss: Double
    let vector: ParameterVector
    let tokens: Int
    /// Rows that the gradient is of: all of them without a bound.
    let activeRows: Int
  }

  /// L = (1/n)·Σ over the n label tokens of all samples, and ∂L/∂θ in float32. With a bound the gradient is that of the
  /// mean over the rows below it, the loss still that of all rows.
  func gradient(
    _ samples: [Sample], _ parameters: TrainableParameters, bound: ForgetBound = ForgetBound(limit: nil)
  ) throws -> Gradient {
    let labels = samples.reduce(0) { $0 + $1.labelCount }
    var (total, activeLabels, activeRows) = (0.0, 0, 0)
    var sum: ParameterVector?
    for group in SampleBatch.groups(samples, maximumTokens: tokensPerPass) {
      let batch = SampleBatch(Array(samples[group]))
      let pass = try bound.apply(try decoder.labelLosses(batch), batch)
      total += pass.sum
      guard pass.activeRows > 0 else { continue }
      activeLabels += pass.activeLabels
      activeRows += pass.activeRows
      let part = ParameterVector(
        try gradients(of: pass.activeSum, withRespectTo: parameters.live).map { try $0.converted(to: .float32) })
      if let sum { try sum.add(part) } else { sum = part }
    }
    let vector = try sum ?? .zeros(like: parameters.masters.tensors)
    try vector.scale(by: 1 / Double(max(1, activeLabels)))
    return Gradient(
      loss: total / Double(max(1, labels)), vector: vector, tokens: samples.reduce(0) { $0 + $1.inputIDs.count },
      activeRows: activeRows)
  }

  /// The loss alone.
  func loss(_ samples: [Sample]) throws -> Double {
    let labels = samples.reduce(0) { $0 + $1.labelCount }
    return try withoutGradient {
      try SampleBatch.groups(samples, maximumTokens: tokensPerPass).reduce(0) { total, group in
        try total + decoder.labelLosses(SampleBatch(Array(samples[group]))).sum().item()
      } / Double(max(1, labels))
    }
  }

  /// The paper's dataset scope: the mean of loss and gradient over all batches, each batch's gradient clipped first
  /// (eqs 6, 7).
  func meanGradient(
    _ batches: [[Sample]], _ parameters: TrainableParameters, clipNorm: Double?,
    bound: ForgetBound = ForgetBound(limit: nil)
  ) throws -> Gradient {
    var loss = 0.0
    var (tokens, activeRows) = (0, 0)
    let sum = try ParameterVector.zeros(like: parameters.masters.tensors)
    for batch in batches {
      let part = try gradient(batch, parameters, bound: bound)
      if let clipNorm { try part.vector.clip(to: clipNorm) }
      try sum.add(part.vector, scale: 1 / Double(batches.count))
      loss += part.loss / Double(batches.count)
      tokens += part.tokens
      activeRows += part.activeRows
    }
    return Gradient(loss: loss, vector: sum, tokens: tokens, activeRows: activeRows)
  }
}
