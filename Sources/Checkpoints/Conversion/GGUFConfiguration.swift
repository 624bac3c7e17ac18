import Basics

/// `config.json` and `generation_config.json` of a converted model.
struct GGUFConfiguration {
  let model: JSONValue
  let generation: JSONValue

  init(_ shape: GGUFModelShape, tokens: GGUFSpecialTokens, elementType: ElementType) {
    var fields: [(String, JSONValue)] = [
      ("architectures", [.string(shape.architecture.className)]),
      ("model_type", .string(shape.architecture.rawValue)),
    ]
    let identifiers: [(String, JSONValue)] = [
      ("bos_token_id", Self.identifier(tokens.begin)), ("eos_token_id", Self.identifier(tokens.end)),
      ("pad_token_id", Self.identifier(tokens.padding)),
    ]
    fields += identifiers
    fields += [
      ("hidden_act", "silu"),
      ("hidden_size", .integer(shape.hidden)),
      ("intermediate_size", .integer(shape.intermediate)),
      ("num_hidden_layers", .integer(shape.layers)),
      ("num_attention_heads", .integer(shape.heads)),
      ("num_key_value_heads", .integer(shape.keyValueHeads)),
      ("max_position_embeddings", .integer(shape.positions)),
      ("vocab_size", .integer(shape.vocabulary)),
      ("tie_word_embeddings", .bool(shape.isTied)),
      ("rope_theta", .number(shape.rotaryBase)),
      ("rope_scaling", nil),
      ("attention_dropout", 0.0),
      ("initializer_range", 0.02),
      ("use_cache", true),
      ("torch_dtype", .string(Self.name(elementType))),
    ]
    switch shape.architecture {
    case .llama:
      fields += [("head_dim", .integer(shape.headSize)), ("attention_bias", false), ("mlp_bias", false)]
    case .olmo:
      fields += [("clip_qkv", shape.clip.map(JSONValue.number) ?? .null), ("attention_bias", false)]
    case .qwen2:
      fields += [("use_sliding_window", false)]
    }
    if shape.architecture != .olmo, let epsilon = shape.epsilon { fields.append(("rms_norm_eps", .number(epsilon))) }
    model = .object(JSONObject(fields))
    generation = .object(JSONObject([("_from_model_config", true)] + identifiers.filter { $0.1 != .null }))
  }

  private static func identifier(_ token: GGUFSpecialTokens.Token?) -> JSONValue {
    token.map { .integer($0.id) } ?? .null
  }

  /// PyTorch's name of an element type.
  private static func name(_ type: ElementType) -> String {
    switch type {
    case .bfloat16: "bfloat16"
    case .float16: "float16"
    default: "float32"
    }
  }
}
