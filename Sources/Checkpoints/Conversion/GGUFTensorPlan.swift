import Basics

/// Every tensor that the converted model holds, each found in the file with the shape that the metadata asks for.
struct GGUFTensorPlan {
  struct Item {
    let tensor: GGUFTensor
    /// The Hugging Face name.
    let name: String
    /// Heads whose halves are interleaved in the file; nil when rows keep their order.
    let interleavedHeads: Int?
  }

  /// In the order of the model's modules.
  private(set) var items: [Item] = []
  private let file: GGUFFile

  /// - Throws: ``Failure`` of kind `badData` naming a tensor that is missing, has another shape or is not part of the
  ///   model.
  init(_ file: GGUFFile, _ shape: GGUFModelShape) throws {
    self.file = file
    let (hidden, vocabulary) = (shape.hidden, shape.vocabulary)
    try add("token_embd.weight", "model.embed_tokens.weight", [vocabulary, hidden])
    for layer in 0..<shape.layers { try addLayer("blk.\(layer)", "model.layers.\(layer)", shape) }
    if shape.architecture.hasNormWeights { try add("output_norm.weight", "model.norm.weight", [hidden]) }
    if !shape.isTied { try add("output.weight", "lm_head.weight", [vocabulary, hidden]) }
    try checkRest(shape)
  }

  private mutating func addLayer(_ source: String, _ target: String, _ shape: GGUFModelShape) throws {
    let architecture = shape.architecture
    let (hidden, intermediate) = (shape.hidden, shape.intermediate)
    let projections = [
      ("q", shape.heads, architecture.interleavesHeads), ("k", shape.keyValueHeads, architecture.interleavesHeads),
      ("v", shape.keyValueHeads, false),
    ]
    for (letter, heads, isInterleaved) in projections {
      let interleaved = isInterleaved ? heads : nil
      let (from, to) = ("\(source).attn_\(letter)", "\(target).self_attn.\(letter)_proj")
      try add("\(from).weight", "\(to).weight", [heads * shape.headSize, hidden], interleaved)
      if architecture.hasAttentionBiases {
        try add("\(from).bias", "\(to).bias", [heads * shape.headSize], interleaved)
      }
    }
    try add(
      "\(source).attn_output.weight", "\(target).self_attn.o_proj.weight", [hidden, shape.heads * shape.headSize])
    try add("\(source).ffn_gate.weight", "\(target).mlp.gate_proj.weight", [intermediate, hidden])
    try add("\(source).ffn_up.weight", "\(target).mlp.up_proj.weight", [intermediate, hidden])
    try add("\(source).ffn_down.weight", "\(target).mlp.down_proj.weight", [hidden, intermediate])
    if architecture.hasNormWeights {
      try add("\(source).attn_norm.weight", "\(target).input_layernorm.weight", [hidden])
      try add("\(source).ffn_norm.weight", "\(target).post_attention_layernorm.weight", [hidden])
    }
  }

  private mutating func add(_ source: String, _ target: String, _ shape: [Int], _ heads: Int? = nil) throws {
    guard let tensor = file.tensor(named: source) else {
      throw Failure(
        .badData, at: file.location(source), "the tensor is missing",
        hint: "the file's metadata describes a model that its tensors do not fill")
    }
    guard tensor.shape == shape else {
      throw Failure(
        .badData, at: file.location(source), "expected shape \(shape.shapeText), found \(tensor.shape.shapeText)",
        hint: "the file's metadata describes another model than its tensors")
    }
    items.append(Item(tensor: tensor, name: target, interleavedHeads: heads))
  }

  private func checkRest(_ shape: GGUFModelShape) throws {
    let used = Set(items.map(\.tensor.name))
    for tensor in file.tensors where !used.contains(tensor.name) {
      // Tables of rotary frequencies that follow from the base.
      if tensor.name.hasSuffix(".attn_rot_embd") { continue }
      if tensor.name == "rope_freqs.weight" {
        throw Failure(
          .badData, at: file.location(tensor.name), "scaled rotary frequencies (Llama 3.1 and later) are not supported")
      }
      throw Failure(
        .badData, at: file.location(tensor.name.shown),
        "the tensor is not part of a \(shape.architecture.rawValue) model of \(shape.layers) layers")
    }
  }
}
