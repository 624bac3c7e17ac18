import Torch

/// What a layer needs to know of the batch beside the hidden states.
struct LayerContext {
  let rows: PackedRows
  /// The tokens whose final states are wanted, which the last layer keeps; nil for all.
  let wanted: [Int]?
  /// [tokens, head size / 2], float32.
  let cosine: Tensor
  let sine: Tensor
  /// Where earlier keys and values are, while generating.
  let cache: KeyValueCache?
  let slots: [Int]
  let keepsRows: Bool
}

/// One decoder block: x + attention(norm(x)), then x + MLP(norm(x)).
final class DecoderLayer {
  let index: Int
  private var isLast: Bool { index == architecture.layerCount - 1 }
  private let architecture: Architecture
  private let attentionNorm: Norm
  private let mlpNorm: Norm
  let query, key, value, output: Projection
  let gate, up, down: Projection

  init(_ index: Int, _ architecture: Architecture, _ parameters: Parameters) throws {
    self.index = index
    self.architecture = architecture
    let path = "model.layers.\(index)"
    attentionNorm = try Norm("\(path).input_layernorm", architecture, parameters)
    mlpNorm = try Norm("\(path).post_attention_layernorm", architecture, parameters)
    func projection(_ name: String, bias: Bool) throws -> Projection {
      let full = "\(path).\(name)"
      return Projection(
        path: full, weight: try parameters["\(full).weight"], bias: bias ? try parameters["\(full).bias"] : nil)
    }
    query = try projection("self_attn.q_proj", bias: architecture.attentionBias)
    key = try projection("self_attn.k_proj", bias: architecture.attentionBias)
    value = try projection("self_attn.v_proj", bias: architecture.attentionBias)
    output = try projection("self_attn.o_proj", bias: architecture.attentionBias)
    gate = try projection("mlp.gate_proj", bias: architecture.mlpBias)
    up = try projection("mlp.up_proj", bias: architecture.mlpBias)
    down = try projection("mlp.down_proj", bias: architecture.mlpBias)
  }

  var projections: [Projection] { [query, key, value, output, gate, up, down] }

  /// [tokens, hidden] → [tokens, hidden]. The last layer gives [wanted, hidden]: it attends to all tokens, and computes
  /// what comes after attention, token by token, for the wanted ones.
  func callAsFunction(_ input: Tensor, _ context: LayerContext) throws -> Tensor {
    let kept = try isLast ? context.wanted.map { try Tensor($0) } : nil
    func keeping(_ tensor: Tensor) throws -> Tensor { try kept.map { try tensor.selected($0) } ?? tensor }
    let mixed = try attention(attentionNorm(input), context)
    let attended = try keeping(input).adding(output(keeping(mixed)))
    let wide = try Projection.apply([gate, up], to: mlpNorm(attended))
    return try attended.adding(down(wide[0].swiglu(up: wide[1])))
  }

  /// Heads mixed over the tokens of their row, [tokens, heads × head size], before the output projection.
  private func attention(_ input: Tensor, _ context: LayerContext) throws -> Tensor {
    let size = architecture.headSize
    let tokens = context.rows.tokenCount
    func heads(_ projected: Tensor, _ count: Int) throws -> Tensor {
      var projected = projected
      if let clip = architecture.queryKeyValueClip { projected = try projected.clamped(-clip...clip) }
      return try projected.reshaped([tokens, count, size])  // [tokens, heads, head size]
    }
    let projected = try Projection.apply([query, key, value], to: input)
    let q = try heads(projected[0], architecture.headCount).rotary(cosine: context.cosine, sine: context.sine)
    let k = try heads(projected[1], architecture.keyHeadCount).rotary(cosine: context.cosine, sine: context.sine)
    let v = try heads(projected[2], architecture.keyHeadCount)
    let scale = architecture.attentionScale
    let mixed: Tensor
    if let cache = context.cache {
      mixed = try q.cachedAttention(
        key: k, value: v, keyCache: cache.keys[index], valueCache: cache.values[index], offsets: context.rows.offsets,
        slots: context.slots, starts: context.rows.starts, keepsRows: context.keepsRows, scale: scale)
    } else {
      mixed = try q.packedAttention(key: k, value: v, offsets: context.rows.offsets, scale: scale)
    }
    return try mixed.reshaped([tokens, architecture.headCount * size])
  }
}

/// The family's normalisation over the hidden dimension.
struct Norm {
  private let weight: Tensor?
  private let epsilon: Double

  init(_ path: String, _ architecture: Architecture, _ parameters: Parameters) throws {
    weight = architecture.normalization == .rms ? try parameters["\(path).weight"] : nil
    epsilon = architecture.normalizationEpsilon
  }

  func callAsFunction(_ input: Tensor) throws -> Tensor {
    if let weight { return try input.rmsNorm(weight: weight, epsilon: epsilon) }
    return try input.layerNorm(epsilon: epsilon)
  }
}
