import Basics
import Foundation
import LanguageModels
import Torch

/// Each fused kernel against the same composed of LibTorch's own operations, forward and backward, at the sizes that one
/// packed pass of a model has.
public struct KernelBenchmark {
  public struct Figure: Sendable {
    public let name: String
    /// Medians, in milliseconds.
    public let fused: Double
    public let composed: Double
    /// Billions of operations a second of the fused form, where matrix products are most of the work.
    public let speed: Double?
  }

  private let architecture: Architecture
  private let dtype: DType
  private let tokens: Int
  private let rowLength: Int
  private let repeats: Int
  private let rank: Int

  /// - Parameters:
  ///   - tokens: packed into the pass.
  ///   - rowLength: tokens of one row; the official rows have 80 on average.
  public init(
    _ architecture: Architecture, dtype: DType, tokens: Int = 2048, rowLength: Int = 80, repeats: Int = 5
  ) {
    self.architecture = architecture
    self.dtype = dtype
    self.tokens = tokens
    self.rowLength = rowLength
    self.repeats = repeats
    rank = LoRAConfiguration.ratio(architecture).rank
  }

  /// One layer to time: what it is of, and how it is run.
  private struct Layer {
    let name: String
    let inputs: [Tensor]
    var operations = 0.0
    let run: ([Tensor]) throws -> [Tensor]
  }

  public func run(progress: any ProgressObserver) throws -> [Figure] {
    let layers = try layers()
    progress.begin("bench kernels", total: layers.count, unit: "kernels")
    defer { progress.finish() }
    return try layers.map { layer in
      let fused = try seconds(layer)
      let composed = try Runtime.withComposedLayers { try seconds(layer) }
      progress.advance(by: 1, detail: layer.name)
      return Figure(
        name: layer.name, fused: 1000 * fused, composed: 1000 * composed,
        speed: layer.operations > 0 ? layer.operations / fused / 1e9 : nil)
    }
  }

  private func seconds(_ layer: Layer) throws -> Double {
    var seconds: [Double] = []
    for round in 0...repeats {
      let leaves = try layer.inputs.map { try $0.detached().requiringGradient($0.dtype != .int64) }
      let start = Date()
      let outputs = try layer.run(leaves)
      let sum = try outputs.dropFirst().reduce(outputs[0].sum()) { try $0.adding($1.sum()) }
      _ = try gradients(of: sum, withRespectTo: leaves)
      if round > 0 { seconds.append(Date().timeIntervalSince(start)) }
    }
    return seconds.median ?? 0
  }

  private func random(_ shape: [Int], _ dtype: DType, scale: Float = 0.1) throws -> Tensor {
    var stream = RandomStream(seed: UInt64(shape.reduce(17) { $0 &* 31 &+ $1 }))
    let values = (0..<shape.reduce(1, *)).map { _ in (2 * Float(stream.nextUnit()) - 1) * scale }
    return try Tensor(values, shape: shape).converted(to: dtype)
  }

  private func layers() throws -> [Layer] {
    let (width, wide, vocabulary) = (
      architecture.hiddenSize, architecture.intermediateSize, architecture.vocabularySize
    )
    let (heads, keyHeads, size) = (architecture.headCount, architecture.keyHeadCount, architecture.headSize)
    let lengths = Array(repeating: rowLength, count: max(1, tokens / rowLength))
    let count = lengths.reduce(0, +)
    let packed = PackedRows(lengths.map { Array(repeating: 0, count: $0) })
    let hidden = try random([count, width], dtype)
    let pairs = Double(lengths.reduce(0) { $0 + $1 * ($1 + 1) / 2 })
    let angles = try random([count, size / 2], .float32, scale: 1)
    let labels = count * 28 / 100
    let (head, targets) = (
      try random([vocabulary, width], dtype), try Tensor((0..<labels).map { $0 % vocabulary })
    )
    return [
      Layer(
        name: "attention of packed rows",
        inputs: [
          try random([count, heads, size], dtype, scale: 1), try random([count, keyHeads, size], dtype, scale: 1),
          try random([count, keyHeads, size], dtype),
        ], operations: 14 * pairs * Double(heads * size)
      ) { leaves in
        [
          try leaves[0].packedAttention(
            key: leaves[1], value: leaves[2], offsets: packed.offsets, scale: architecture.attentionScale)
        ]
      },
      try adapters("LoRA layers q, k, v", hidden, outs: [heads * size, keyHeads * size, keyHeads * size]),
      try adapters("LoRA layers gate, up", hidden, outs: [wide, wide]),
      try adapters("LoRA layer down", random([count, wide], dtype), outs: [width]),
      Layer(
        name: "head with cross-entropy", inputs: [try random([labels, width], dtype)],
        operations: 4 * Double(labels * width * vocabulary)
      ) { leaves in [try leaves[0].headCrossEntropy(weight: head, targets: targets)] },
      Layer(
        name: "head with divergence", inputs: [try random([labels, width], dtype)],
        operations: 6 * Double(labels * width * vocabulary)
      ) { leaves in
        [
          try leaves[0].headDivergence(
            weight: head, from: .init(hidden: hidden.narrowed(0..<labels)), targets: targets, isDivergence: true)
        ]
      },
      Layer(name: "RMSNorm", inputs: [hidden]) { [weight = try random([width], dtype)] leaves in
        [try leaves[0].rmsNorm(weight: weight, epsilon: 1e-5)]
      },
      Layer(name: "rotary", inputs: [try random([count, heads, size], dtype)]) { leaves in
        [try leaves[0].rotary(cosine: angles, sine: angles)]
      },
      Layer(name: "SwiGLU", inputs: [try random([count, wide], dtype), try random([count, wide], dtype)]) { leaves in
        [try leaves[0].swiglu(up: leaves[1])]
      },
    ]
  }

  private func adapters(_ name: String, _ input: Tensor, outs: [Int]) throws -> Layer {
    let width = try input.size(1)
    let weights = try outs.map { try random([$0, width], dtype) }
    let factors = try outs.flatMap { [try random([rank, width], .float32), try random([$0, rank], .float32)] }
    let out = Double(outs.reduce(0, +))
    let (tokens, frozen) = (Double(try input.size(0)), out * Double(width))
    let thin = Double(rank) * (Double(width * outs.count) + out)
    return Layer(name: name, inputs: [input] + factors, operations: tokens * (4 * frozen + 6 * thin)) { leaves in
      try leaves[0].loraLinear(
        weights.enumerated().map { index, weight in
          Tensor.LoRALayer(weight: weight, bias: nil, a: leaves[1 + 2 * index], b: leaves[2 + 2 * index], scale: 2)
        })
    }
  }
}
