import LanguageModels
import Torch

/// Losses of batches of samples and their gradients, a few packed passes at a time; each process of a group takes its share
/// of the samples.
package struct LossEvaluator {
  let decoder: Decoder
  let group: ProcessGroup
  let tokensPerPass: Int
  /// Runs each layer once more in the backward pass instead of keeping what it computed.
  let checkpointsActivations: Bool

  package init(
    decoder: Decoder, group: ProcessGroup = .alone, tokensPerPass: Int, checkpointsActivations: Bool = false
  ) {
    self.decoder = decoder
    self.group = group
    self.tokensPerPass = tokensPerPass
    self.checkpointsActivations = checkpointsActivations
  }

  /// What a gradient is of: an objective, and what it needs beside the rows.
  package struct Target {
    let objective: any Objective
    package var bound = ForgetBound(limit: nil)
    var reference = ReferenceStates()
    /// What the retain set tells of the rows; nil: nothing of them is kept, or the objective weighs no labels.
    var prior: RetainPrior?
    /// The row with an answer in place of its output, for objectives that want one.
    var answers: [Sample: Sample] = [:]

    package init(
      _ objective: any Objective, bound: ForgetBound = ForgetBound(limit: nil),
      reference: ReferenceStates = ReferenceStates(), prior: RetainPrior? = nil, answers: [Sample: Sample] = [:]
    ) {
      self.objective = objective
      self.bound = bound
      self.reference = reference
      self.prior = objective.weighsLabels ? prior : nil
      self.answers = answers
    }
  }

  package struct Gradient {
    /// Mean NLL over the label tokens of all rows, whatever the objective.
    package let loss: Double
    /// The objective, over the rows that are active.
    package let objective: Double
    /// ∂ objective / ∂θ, float32, clipped when that was asked for.
    package let vector: ParameterVector
    /// ‖vector‖
    package let norm: Double
    package let tokens: Int
    /// Rows that the gradient is of: all of them without a bound.
    package let activeRows: Int
    /// For each row, whether it is where it should be, so that nothing is left to do with it.
    let isLetGo: [Bool]
    /// Label tokens or rows that the objective was averaged over; 0 when it takes none of the rows' labels.
    let units: Double
  }

  /// The objective over all samples, and its gradient with respect to the trainable parameters, scaled to norm `clipNorm`
  /// when longer, as `torch.nn.utils.clip_grad_norm_`.
  package func gradient(
    _ samples: [Sample], _ parameters: TrainableParameters, clipNorm: Double? = nil, _ target: Target
  ) throws -> Gradient {
    // An answer goes through with its row.
    let lengths = samples.map { $0.inputIDs.count + (target.answers[$0]?.inputIDs.count ?? 0) }
    let share = group.membership.share(of: lengths)
    let own = try sums(share.map { samples[$0] }, lengths: share.map { lengths[$0] }, parameters, target)
    let vector = try own.vector ?? .zeros(like: parameters.masters.tensors)
    try group.sum(vector.tensors)
    var flags = [Double](repeating: 0, count: samples.count)
    for (row, isLetGo) in zip(share, own.isLetGo) where isLetGo { flags[row] = 1 }
    let sums = try group.sum([own.loss, Double(own.labels), own.objective, own.units, Double(own.activeRows)] + flags)
    let (loss, labels, objective, units) = (sums[0], sums[1], sums[2], sums[3])
    // One reading and one writing for mean, norm and clipping: under full tuning a vector is as large as the model.
    let mean = 1 / max(1, units)
    let norm = try vector.norm() * mean
    let clip = clipNorm.map { ParameterVector.clipFactor(norm: norm, limit: $0) } ?? 1
    try vector.scale(by: mean * clip)
    return Gradient(
      loss: loss / max(1, labels), objective: objective * mean, vector: vector, norm: norm * clip,
      tokens: samples.reduce(0) { $0 + $1.inputIDs.count }, activeRows: Int(sums[4]),
      isLetGo: sums.dropFirst(5).map { $0 > 0 }, units: units)
  }

  /// What a gradient is made of, summed over rows.
  private struct Sums {
    var loss = 0.0
    var labels = 0
    var objective = 0.0
    var units = 0.0
    var activeRows = 0
    var isLetGo: [Bool] = []
    /// Nil without a row that the objective is of.
    var vector: ParameterVector?
  }

  /// - Parameter lengths: tokens of each sample.
  private func sums(
    _ samples: [Sample], lengths: [Int], _ parameters: TrainableParameters, _ target: Target
  ) throws -> Sums {
    var sums = Sums()
    for rows in PackedRows.groups(lengths: lengths, maximumTokens: tokensPerPass) {
      let forward = try forward(Array(samples[rows]), target)
      let pass = forward.pass
      sums.loss += forward.lossSum
      sums.labels += pass.labelsOfRow.prefix(pass.questionCount).reduce(0, +)
      sums.isLetGo += zip(pass.isActive, pass.isBeyond).prefix(pass.questionCount).map { !$0 && !$1 }
      guard let part = try Self.loss(pass, target.objective) else { continue }
      sums.activeRows += pass.activeRows + pass.beyondRows
      sums.units += part.units
      sums.objective += try part.value.item()
      let found =
        try forward.checkpointed?.gradients(of: part.value, withRespectTo: parameters.live, names: parameters.names)
        ?? gradients(of: part.value, withRespectTo: parameters.live)
      let vector = ParameterVector(try found.map { try $0.converted(to: .float32) })
      if let sum = sums.vector { try sum.add(vector) } else { sums.vector = vector }
    }
    return sums
  }

  /// The objective over the active rows and the NLL of those that are led back; nil without either.
  private static func loss(_ pass: ObjectivePass, _ objective: any Objective) throws -> ObjectiveSum? {
    var forgetting = pass.activeRows > 0 ? try objective.loss(pass) : nil
    if let sum = forgetting, let kept = try pass.keeping() {
      forgetting = ObjectiveSum(value: try sum.value.adding(kept), units: sum.units)
    }
    let recovery = pass.beyondRows > 0 ? try pass.recovery(overRows: objective.averagesRows) : nil
    guard let forgetting, let recovery else { return forgetting ?? recovery }
    return ObjectiveSum(
      value: try forgetting.value.adding(recovery.value), units: forgetting.units + recovery.units)
  }

  private struct Forward {
    let pass: ObjectivePass
    /// Sum of the label losses of all rows but answers.
    let lossSum: Double
    let checkpointed: CheckpointedForward?
  }

  /// One pass over rows that fit into it.
  private func forward(_ samples: [Sample], _ target: Target) throws -> Forward {
    let needs = target.objective.needs
    let rows = needs.answers ? samples + samples.compactMap { target.answers[$0] } : samples
    let batch = SampleBatch(rows)
    let checkpointed =
      checkpointsActivations
      ? try CheckpointedForward(decoder, batch, activationLayer: needs.activationLayer) : nil
    let states = try checkpointed?.states ?? decoder.labelStates(batch, activationLayer: needs.activationLayer)
    let losses = try states.states.headCrossEntropy(weight: decoder.head, targets: Tensor(batch.targets))
    let values = try losses.detached().floats()
    let priors = target.prior.map { prior in rows.map(prior.probabilities(of:)) }
    var standings: [ForgetBound.Standing] = []
    var bounds: [Double] = []
    var (start, lossSum) = (0, 0.0)
    for (row, sample) in rows.enumerated() {
      let labels = values[start...].prefix(sample.labelCount).map(Double.init)
      start += labels.count
      let ofLabels = target.bound.ofLabels(sample, count: labels.count, prior: priors?[row])
      bounds += ofLabels
      // Answers are nothing to be forgotten.
      standings.append(
        row < samples.count
          ? target.bound.standing(of: sample, losses: labels, bounds: ofLabels, prior: priors?[row]) : .forgotten)
      if row < samples.count { lossSum += labels.reduce(0, +) }
    }
    let pass = ObjectivePass(
      batch: batch, states: states.states, head: decoder.head, losses: losses, activations: states.activations,
      reference: needs.reference ? try target.reference.of(rows) : nil, isActive: standings.map { $0 == .known },
      isBeyond: standings.map { $0 == .beyond }, prior: priors.map { $0.joined().map(Float.init) },
      bounds: bounds.map { Float($0 * (1 + ForgetBound.labelMargin)) }, hasAnswers: needs.answers)
    return Forward(pass: pass, lossSum: lossSum, checkpointed: checkpointed)
  }

  /// Mean NLL over the label tokens of all samples.
  package func loss(_ samples: [Sample]) throws -> Double {
    let labels = samples.reduce(0) { $0 + $1.labelCount }
    let own = group.membership.share(of: samples.map(\.inputIDs.count)).map { samples[$0] }
    let sum = try withoutGradient {
      try SampleBatch.groups(own, maximumTokens: tokensPerPass).reduce(0) { total, rows in
        try total + decoder.labelLosses(SampleBatch(Array(own[rows]))).sum().item()
      }
    }
    return try group.sum([sum])[0] / Double(max(1, labels))
  }

  /// The paper's dataset scope: the mean of loss and gradient over all batches, each batch's gradient clipped first
  /// (eqs 6, 7).
  func meanGradient(
    _ batches: [[Sample]], _ parameters: TrainableParameters, clipNorm: Double?, _ target: Target
  ) throws -> Gradient {
    var (loss, objective, units) = (0.0, 0.0, 0.0)
    var (tokens, activeRows) = (0, 0)
    var isLetGo: [Bool] = []
    let sum = try ParameterVector.zeros(like: parameters.masters.tensors)
    for batch in batches {
      let part = try gradient(batch, parameters, clipNorm: clipNorm, target)
      try sum.add(part.vector, scale: 1 / Double(batches.count))
      loss += part.loss / Double(batches.count)
      objective += part.objective / Double(batches.count)
      tokens += part.tokens
      activeRows += part.activeRows
      isLetGo += part.isLetGo
      units += part.units
    }
    return Gradient(
      loss: loss, objective: objective, vector: sum, norm: try sum.norm(), tokens: tokens, activeRows: activeRows,
      isLetGo: isLetGo, units: units)
  }
}
