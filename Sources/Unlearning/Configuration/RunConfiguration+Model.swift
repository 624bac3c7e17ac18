import Basics
import LanguageModels

/// What a configuration leaves to the method, the model and the machine, said outright: a run's record has no `auto` that
/// another machine would read in another way. Its length stays as it was given: by default it follows from the rows.
extension RunConfiguration {
  func resolved(for architecture: Architecture, memorizes: Bool) -> RunConfiguration {
    var chosen = RunConfiguration()
    chosen.dtype = computeType == .bfloat16 ? .bfloat16 : .float32
    chosen.autoLearningRate = learningRateMode
    chosen.clipNorm = activeClipNorm ?? .infinity
    chosen.combiner = activeCombinerName
    if method.usesRetain { chosen.retainObjective = activeRetainObjectiveName }
    let fitted = fitted(to: architecture)
    if tuning == .lastLayers { chosen.lastLayers = fitted.lastLayers }
    let objectives = memorizes ? [activeRetainObjective] : activeObjectives
    if objectives.contains(where: { $0.needs.activationLayer != nil }) {
      chosen.activationLayer = fitted.activationLayer
    }
    if tuning == .lora {
      let lora = LoRAConfiguration(rank: rank ?? LoRAConfiguration.ratio(architecture).rank, alpha: alpha)
      (chosen.rank, chosen.alpha) = (lora.rank, lora.alpha)
    }
    if !memorizes {
      chosen.objective = activeObjectiveName
      chosen.beta = chosen.objective?.beta
      if activeObjective.weighsLabels { chosen.retainPrior = activeRetainPrior }
      if chosen.combiner == .difference {
        (chosen.retainWeight, chosen.forgetWeight) = (activeWeights.retain, activeWeights.forget)
      }
      if scope == .batch {
        (chosen.forgetChunk, chosen.chunkEpochs) = (activeForgetChunk, activeChunkEpochs)
        chosen.retainRatio = activeRetainRatio
      }
    }
    return filled(from: chosen)
  }

  /// The same, where nothing is chosen as in the other one.
  public func filled(from other: RunConfiguration) -> RunConfiguration {
    var result = self
    for fill in Self.fills { fill(&result, other) }
    return result
  }

  private static let fills: [@Sendable (inout RunConfiguration, RunConfiguration) -> Void] = [
    fill(\.dtype), fill(\.autoLearningRate), fill(\.clipNorm), fill(\.combiner), fill(\.objective),
    fill(\.retainObjective), fill(\.rank), fill(\.alpha), fill(\.beta), fill(\.retainPrior), fill(\.retainWeight),
    fill(\.forgetWeight), fill(\.forgetChunk), fill(\.chunkEpochs), fill(\.retainRatio), fill(\.activationLayer),
    fill(\.lastLayers),
  ]

  private static func fill<Value>(
    _ path: WritableKeyPath<RunConfiguration, Value?> & Sendable
  ) -> @Sendable (inout RunConfiguration, RunConfiguration) -> Void {
    { $0[keyPath: path] = $0[keyPath: path] ?? $1[keyPath: path] }
  }
}

extension RunConfiguration {
  static let usualActivationLayer = 7
  static let usualLastLayers = 4

  /// The layers that were left to the model, said outright.
  func fitted(to architecture: Architecture) -> RunConfiguration {
    var result = self
    let count = architecture.layerCount
    result.activationLayer = activationLayer ?? min(Self.usualActivationLayer, count - 1)
    result.lastLayers = lastLayers ?? min(Self.usualLastLayers, count)
    return result
  }

  /// Refuses what a model of this architecture cannot be asked for: layers that it does not have, and an objective that
  /// looks at a layer before all that are trained.
  func requireFits(_ architecture: Architecture) throws {
    let count = architecture.layerCount
    let fitted = fitted(to: architecture)
    for layer in fitted.activeObjectives.compactMap(\.needs.activationLayer) where layer >= count {
      throw Failure(
        .usage, at: Location(field: "activation-layer"), "the model has layers 0 to \(count - 1), not \(layer)")
    }
    guard tuning == .lastLayers, let lastLayers = fitted.lastLayers else { return }
    guard lastLayers <= count else {
      throw Failure(
        .usage, at: Location(field: "last-layers"), "expected 1 to \(count), the model's layers; found \(lastLayers)")
    }
    if let deepest = fitted.deepestLayer, deepest < count - lastLayers {
      throw Failure(
        .usage, at: Location(field: "activation-layer"),
        "the objective looks at layer \(deepest), and only layers behind it are trained",
        hint: "choose a later activation-layer, more last-layers, or tuning lora or full")
    }
  }

  /// The layer behind which nothing of the run has a gradient; nil where all has one.
  var deepestLayer: Int? { activeObjectives.deepestLayer }

  private var activeObjectives: [any Objective] {
    (method.usesForget ? [activeObjective] : []) + (method.usesRetain ? [activeRetainObjective] : [])
  }
}

extension [any Objective] {
  /// The layer behind which no objective looks, when all look at a layer of their own; else nil.
  var deepestLayer: Int? {
    let layers = compactMap(\.needs.activationLayer)
    return layers.count == count ? layers.max() : nil
  }
}
