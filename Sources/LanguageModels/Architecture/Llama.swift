extension ModelFamily {
  /// Llama, and what is built like it (SmolLM2, TinyLlama): RMSNorm before attention and MLP, rotary embedding,
  /// grouped key heads, SwiGLU. transformers' `LlamaForCausalLM`.
  static let llama = ModelFamily(modelType: "llama") { reader in
    try reader.requireActivation(["silu", "swish"])
    let hidden = try reader.int("hidden_size")
    let heads = try reader.int("num_attention_heads")
    let (base, scaling) = try reader.rotary()
    return Architecture(
      family: "llama", hiddenSize: hidden, intermediateSize: try reader.int("intermediate_size"),
      layerCount: try reader.int("num_hidden_layers"), headCount: heads,
      keyHeadCount: try reader.int("num_key_value_heads", default: heads),
      headSize: try reader.headSize(hidden: hidden, heads: heads), vocabularySize: try reader.int("vocab_size"),
      maximumPositions: try reader.int("max_position_embeddings", default: 2048), normalization: .rms,
      normalizationEpsilon: try reader.double("rms_norm_eps", default: 1e-6), rotaryBase: base, rotaryScaling: scaling,
      attentionBias: try reader.bool("attention_bias", default: false),
      mlpBias: try reader.bool("mlp_bias", default: false),
      tiesHead: try reader.bool("tie_word_embeddings", default: false), endOfTextIDs: try reader.endOfTextIDs())
  }
}
