import Basics
import LanguageModels
import Torch

/// The parameters that a run changes: what the model computes with, and a float32 master of each.
///
/// LoRA factors are float32 and are their own masters; bfloat16 weights under full fine-tuning have a copy in float32,
/// so that small steps are not rounded away.
public final class TrainableParameters {
  public let names: [String]
  /// Tensors inside the model, requiring gradients.
  public let live: [Tensor]
  /// What steps are taken on.
  public let masters: ParameterVector
  /// Parameters of the whole model, the trained ones included.
  public let modelCount: Int

  /// Attaches fresh LoRA factors or marks weights, as the configuration says.
  public init(_ decoder: Decoder, _ configuration: RunConfiguration) throws {
    let weights = try decoder.parameters.names.map { (name: $0, tensor: try decoder.parameters[$0]) }
    var chosen: [(name: String, tensor: Tensor)]
    switch configuration.tuning {
    case .lora:
      let rank = configuration.rank ?? LoRAConfiguration.ratio(decoder.architecture).rank
      let lora = LoRAConfiguration(
        rank: rank, alpha: configuration.alpha, targetModules: configuration.targetModules)
      let adapter = try LoRAAdapter(lora, for: decoder, seed: UInt64(bitPattern: Int64(configuration.seed)))
      decoder.attach(adapter)
      chosen = adapter.tensors
    case .full: chosen = weights
    case .lastLayers:
      let count = decoder.architecture.layerCount
      let first = count - (configuration.fitted(to: decoder.architecture).lastLayers ?? count)
      chosen = weights.filter { Self.layer(of: $0.name).map { $0 >= first } ?? false }
    }
    names = chosen.map(\.name)
    live = try chosen.map { try $0.tensor.requiringGradient() }
    masters = ParameterVector(
      try live.map { $0.dtype == .float32 ? try $0.detached() : try $0.detached().converted(to: .float32) })
    modelCount = weights.reduce(0) { $0 + $1.tensor.count } + (configuration.tuning == .lora ? count(chosen) : 0)
  }

  public var trainedCount: Int { count(zip(names, live).map { ($0, $1) }) }

  /// The layer that a weight or factor of this name belongs to; nil for those of none.
  static func layer(of name: String) -> Int? {
    let parts = name.split(separator: ".")
    return parts.firstIndex(of: "layers").flatMap { parts.indices.contains($0 + 1) ? Int(parts[$0 + 1]) : nil }
  }

  /// Copies the masters into the model where they are not the same memory.
  func publish() throws {
    for (tensor, master) in zip(live, masters.tensors) where tensor.dtype != .float32 { try tensor.assign(master) }
  }

  /// θ ← θ − rate·update.
  func step(_ update: ParameterVector, rate: Double) throws {
    try masters.add(update, scale: -rate)
    try publish()
  }
}

private func count(_ tensors: [(name: String, tensor: Tensor)]) -> Int { tensors.reduce(0) { $0 + $1.tensor.count } }
