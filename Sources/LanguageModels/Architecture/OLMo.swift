extension ModelFamily {
  /// OLMo 1 (Groeneveld et al. 2024): Llama's shape with LayerNorm that has no weights, and queries, keys and values
  /// clamped to ±`clip_qkv`. transformers' `OlmoForCausalLM`; its LayerNorm uses ε = 1e-5.
  static let olmo = ModelFamily(modelType: "olmo") { reader in
    try reader.requireActivation(["silu", "swish"])
    let hidden = try reader.int("hidden_size")
    let heads = try reader.int("num_attention_heads")
    let (base, scaling) = try reader.rotary()
    return Architecture(
      family: "olmo", hiddenSize: hidden, intermediateSize: try reader.int("intermediate_size"),
      layerCount: try reader.int("num_hidden_layers"), headCount: heads,
      keyHeadCount: try reader.int("num_key_value_heads", default: heads),
      headSize: try reader.headSize(hidden: hidden, heads: heads), vocabularySize: try reader.int("vocab_size"),
      maximumPositions: try reader.int("max_position_embeddings", default: 2048), normalization: .layerWithoutWeights,
      normalizationEpsilon: 1e-5, rotaryBase: base, rotaryScaling: scaling,
      attentionBias: try reader.bool("attention_bias", default: false),
      queryKeyValueClip: reader.object.has("clip_qkv")
        ? try reader.object.double("clip_qkv", at: reader.location) : nil,
      tiesHead: try reader.bool("tie_word_embeddings", default: false), endOfTextIDs: try reader.endOfTextIDs())
  }
}
