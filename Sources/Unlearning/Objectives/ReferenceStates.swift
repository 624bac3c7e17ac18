import Basics
import LanguageModels
import Torch

/// What the start model says of rows, computed once, before the first step: under LoRA with the adapter still at zero,
/// under full tuning with the weights as they were read. No second model is kept.
///
/// A final hidden state of `width` numbers stands for the distribution over the whole vocabulary, which follows from it
/// through the head: KL and distillation are exact, not cut to the most likely tokens.
package struct ReferenceStates {
  private struct Entry {
    let loss: Double
    let states: Tensor?
    let activations: Tensor?
  }

  private var entries: [Sample: Entry] = [:]
  private var head: Tensor?

  package init() {}

  /// - Parameter copiesHead: whether the head is trained, so that a copy of it must be kept.
  package init(
    _ decoder: Decoder, _ samples: [Sample], needs: ObjectiveNeeds, tokensPerPass: Int, copiesHead: Bool,
    progress: (any ProgressObserver)? = nil
  ) throws {
    guard needs.reference else { return }
    var known: Set<Sample> = []
    let unique = samples.filter { known.insert($0).inserted }
    progress?.begin("reference", total: unique.count, unit: "rows")
    defer { progress?.finish() }
    try withoutGradient {
      if copiesHead { head = try decoder.head.detached().cloned() }
      for group in SampleBatch.groups(unique, maximumTokens: tokensPerPass) {
        try add(Array(unique[group]), decoder, needs)
        progress?.advance(by: group.count, detail: nil)
      }
    }
  }

  private mutating func add(_ samples: [Sample], _ decoder: Decoder, _ needs: ObjectiveNeeds) throws {
    let batch = SampleBatch(samples)
    let pass = try decoder.labelStates(batch, activationLayer: needs.referenceActivations ? needs.activationLayer : nil)
    let losses = try pass.states.headCrossEntropy(weight: decoder.head, targets: Tensor(batch.targets)).floats()
    var start = 0
    for (row, sample) in samples.enumerated() {
      var end = start
      while end < batch.rowOfLabel.count, batch.rowOfLabel[end] == row { end += 1 }
      let labels = start..<end
      entries[sample] = Entry(
        loss: losses[labels].reduce(0) { $0 + Double($1) },
        states: needs.referenceStates ? try pass.states.narrowed(labels).cloned() : nil,
        activations: try pass.activations?.narrowed(labels).cloned())
      start = end
    }
  }

  /// The figures of the rows of one pass; nil when nothing was computed.
  package func of(_ samples: [Sample]) throws -> ObjectivePass.Reference? {
    guard !entries.isEmpty else { return nil }
    let found = samples.compactMap { entries[$0] }
    guard found.count == samples.count else {
      throw Failure(.fault, "a row of this step has no reference figures")
    }
    func joined(_ parts: [Tensor]) throws -> Tensor? { parts.isEmpty ? nil : try Tensor.concatenated(parts) }
    return ObjectivePass.Reference(
      losses: found.map(\.loss), states: try joined(found.compactMap(\.states)),
      activations: try joined(found.compactMap(\.activations)), head: head)
  }
}
