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
  }

  /// L = (1/n)·Σ over the n label tokens of all samples, and ∂L/∂θ in float32.
  func gradient(_ samples: [Sample], _ parameters: TrainableParameters) throws -> Gradient {
    let labels = samples.reduce(0) { $0 + $1.labelCount }
    var total = 0.0
    var sum: ParameterVector?
    for group in SampleBatch.groups(samples, maximumTokens: tokensPerPass) {
      let loss = try decoder.labelLosses(SampleBatch(Array(samples[group]))).sum().affine(scale: 1 / Double(labels))
      total += try loss.item()
      let part = ParameterVector(
        try gradients(of: loss, withRespectTo: parameters.live).map { try $0.converted(to: .float32) })
      if let sum { try sum.add(part) } else { sum = part }
    }
    let vector = try sum ?? .zeros(like: parameters.masters.tensors)
    return Gradient(loss: total, vector: vector, tokens: samples.reduce(0) { $0 + $1.inputIDs.count })
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
    _ batches: [[Sample]], _ parameters: TrainableParameters, clipNorm: Double?
  ) throws -> Gradient {
    var loss = 0.0
    var tokens = 0
    let sum = try ParameterVector.zeros(like: parameters.masters.tensors)
    for batch in batches {
      let part = try gradient(batch, parameters)
      if let clipNorm { try part.vector.clip(to: clipNorm) }
      try sum.add(part.vector, scale: 1 / Double(batches.count))
      loss += part.loss / Double(batches.count)
      tokens += part.tokens
    }
    return Gradient(loss: loss, vector: sum, tokens: tokens)
  }
}
