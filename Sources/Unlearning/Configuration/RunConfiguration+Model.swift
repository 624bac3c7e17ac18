import Basics
import LanguageModels

extension RunConfiguration {
  /// Refuses what a model of this architecture cannot be asked for: layers that it does not have, and an objective that
  /// looks at a layer before all that are trained.
  func requireFits(_ architecture: Architecture) throws {
    let count = architecture.layerCount
    for layer in activeObjectives.compactMap(\.needs.activationLayer) where layer >= count {
      throw Failure(
        .usage, at: Location(field: "activation-layer"), "the model has layers 0 to \(count - 1), not \(layer)")
    }
    guard tuning == .lastLayers else { return }
    guard lastLayers <= count else {
      throw Failure(
        .usage, at: Location(field: "last-layers"), "expected 1 to \(count), the model's layers; found \(lastLayers)")
    }
    if let deepest = deepestLayer, deepest < count - lastLayers {
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
