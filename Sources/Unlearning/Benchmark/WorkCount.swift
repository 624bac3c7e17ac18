import LanguageModels

/// Floating-point operations that a job cannot do without, for its utilisation of the machine. Attention scores and
/// element-wise work are left out, as is usual for a model's FLOP count.
struct WorkCount {
  /// Parameters of the layers' projections, of the output head and of an adapter.
  let layers: Double
  let head: Double
  let adapter: Double

  init(_ decoder: Decoder) {
    let architecture = decoder.architecture
    let perLayer = (0..<min(1, architecture.layerCount)).flatMap { architecture.projectionShapes(layer: $0) }
    layers = Double(perLayer.reduce(0) { $0 + $1[0] * $1[1] } * architecture.layerCount)
    head = Double(architecture.vocabularySize * architecture.hiddenSize)
    adapter = Double(decoder.adapter?.tensors.reduce(0) { $0 + $1.tensor.count } ?? 0)
  }

  /// Forward and backward with frozen weights: 2 + 2 a weight, 2 + 4 an adapter's.
  func adapterStep(tokens: Int, labels: Int) -> Double {
    (4 * layers + 6 * adapter) * Double(tokens) + 4 * head * Double(labels)
  }

  /// Forward alone.
  func forward(tokens: Int, predictions: Int) -> Double {
    2 * (layers + adapter) * Double(tokens) + 2 * head * Double(predictions)
  }
}
