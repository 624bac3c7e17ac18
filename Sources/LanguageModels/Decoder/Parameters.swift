import Torch

/// A model's weights by their checkpoint names, in checkpoint order.
public struct Parameters {
  public private(set) var names: [String] = []
  private var tensors: [String: Tensor] = [:]

  public init() {}

  public mutating func add(_ name: String, _ tensor: Tensor) {
    if tensors.updateValue(tensor, forKey: name) == nil { names.append(name) }
  }

  public subscript(name: String) -> Tensor {
    get throws {
      guard let tensor = tensors[name] else {
        throw TorchError(operation: "parameter", operands: [], reason: "the model has no '\(name)'")
      }
      return tensor
    }
  }
}

extension Architecture {
  /// Name and shape of every parameter of the model, in the order of the decoder.
  public var parameterShapes: [(name: String, shape: [Int])] {
    var shapes: [(String, [Int])] = [("model.embed_tokens.weight", [vocabularySize, hiddenSize])]
    for layer in 0..<layerCount { shapes += parameterShapes(layer: layer) }
    if normalization == .rms { shapes.append(("model.norm.weight", [hiddenSize])) }
    if !tiesHead { shapes.append(("lm_head.weight", [vocabularySize, hiddenSize])) }
    return shapes
  }

  /// [out, in] of the seven projections of a layer.
  public func projectionShapes(layer: Int) -> [[Int]] {
    parameterShapes(layer: layer).filter { $0.name.hasSuffix("_proj.weight") }.map(\.shape)
  }

  func parameterShapes(layer: Int) -> [(name: String, shape: [Int])] {
    let path = "model.layers.\(layer)"
    let (wide, narrow) = (headCount * headSize, keyHeadCount * headSize)
    let linear: [(String, Int, Int, Bool)] = [
      ("self_attn.q_proj", wide, hiddenSize, attentionBias), ("self_attn.k_proj", narrow, hiddenSize, attentionBias),
      ("self_attn.v_proj", narrow, hiddenSize, attentionBias), ("self_attn.o_proj", hiddenSize, wide, attentionBias),
      ("mlp.gate_proj", intermediateSize, hiddenSize, mlpBias), ("mlp.up_proj", intermediateSize, hiddenSize, mlpBias),
      ("mlp.down_proj", hiddenSize, intermediateSize, mlpBias),
    ]
    var shapes: [(String, [Int])] = []
    if normalization == .rms { shapes.append(("\(path).input_layernorm.weight", [hiddenSize])) }
    for (name, out, input, hasBias) in linear {
      shapes.append(("\(path).\(name).weight", [out, input]))
      if hasBias { shapes.append(("\(path).\(name).bias", [out])) }
    }
    if normalization == .rms { shapes.append(("\(path).post_attention_layernorm.weight", [hiddenSize])) }
    return shapes
  }
}
