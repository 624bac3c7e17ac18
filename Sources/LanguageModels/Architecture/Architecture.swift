import Basics

/// Everything in which the supported families of decoders differ, read from `config.json`.
public struct Architecture: Sendable, Equatable {
  public enum Normalization: Sendable, Equatable {
    /// RMSNorm with a weight (Llama).
    case rms
    /// LayerNorm without weight or bias (OLMo-1).
    case layerWithoutWeights
  }

  /// How rotary frequencies are changed for contexts longer than those of pre-training.
  public enum RotaryScaling: Sendable, Equatable {
    case none
    /// Positions divided by a factor.
    case linear(factor: Double)
    /// Llama 3.1: low frequencies divided, high ones kept, a smooth band between.
    case llama3(factor: Double, lowFrequency: Double, highFrequency: Double, originalPositions: Int)
  }

  /// `model_type` of config.json.
  public var family: String
  public var hiddenSize: Int
  public var intermediateSize: Int
  public var layerCount: Int
  public var headCount: Int
  public var keyHeadCount: Int
  public var headSize: Int
  public var vocabularySize: Int
  public var maximumPositions: Int
  public var normalization: Normalization
  public var normalizationEpsilon: Double
  public var rotaryBase: Double
  public var rotaryScaling: RotaryScaling = .none
  public var attentionBias = false
  public var mlpBias = false
  /// Queries, keys and values are clamped to ±this (OLMo's `clip_qkv`).
  public var queryKeyValueClip: Double?
  /// The output head is the embedding matrix.
  public var tiesHead: Bool
  public var endOfTextIDs: [Int] = []

  /// What scores of attention are multiplied by: 1/√(head size).
  public var attentionScale: Double { 1 / Double(headSize).squareRoot() }
}

extension Architecture {
  /// What `model_type` may be.
  public static var families: [String] { ModelFamily.all.map(\.modelType) }

  /// Reads `config.json` of a Hugging Face folder.
  /// - Throws: ``Failure`` that names the field for a missing, mistyped or impossible value, or an architecture that is
  ///   not supported.
  public static func read(configuration path: String) throws -> Architecture {
    let location = Location(file: path)
    let value = try JSONParser.parse(file: path)
    guard let object = value.objectValue else {
      throw Failure.mismatch(at: location, expected: "an object", found: value.kindName)
    }
    return try read(object, at: location)
  }

  static func read(_ object: JSONObject, at location: Location) throws -> Architecture {
    let type = try object.string("model_type", at: location)
    guard let family = ModelFamily.all.first(where: { $0.modelType == type }) else {
      throw Failure(
        .badData, at: location.appending(field: "model_type"), "the architecture '\(type.shown)' is not supported",
        hint: "supported: \(families.joined(separator: ", "))")
    }
    let architecture = try family.architecture(ConfigurationReader(object: object, location: location))
    try architecture.validate(at: location)
    return architecture
  }

  private func validate(at location: Location) throws {
    func require(_ condition: Bool, _ field: String, _ message: @autoclosure () -> String) throws {
      guard condition else { throw Failure(.badData, at: location.appending(field: field), message()) }
    }
    let sizes = [
      ("hidden_size", hiddenSize, 1 << 20), ("intermediate_size", intermediateSize, 1 << 22),
      ("num_hidden_layers", layerCount, 1 << 12), ("num_attention_heads", headCount, 1 << 12),
      ("num_key_value_heads", keyHeadCount, 1 << 12), ("head_dim", headSize, 1 << 12),
      ("vocab_size", vocabularySize, 1 << 24), ("max_position_embeddings", maximumPositions, 1 << 30),
    ]
    for (field, size, limit) in sizes {
      try require(size > 0 && size <= limit, field, "expected a number from 1 to \(limit), found \(size)")
    }
    try require(
      headCount % keyHeadCount == 0, "num_key_value_heads",
      "expected a divisor of num_attention_heads (\(headCount)), found \(keyHeadCount)")
    try require(headSize % 2 == 0, "head_dim", "expected an even number for rotary embedding, found \(headSize)")
    try require(
      rotaryBase > 0 && rotaryBase.isFinite, "rope_theta", "expected a positive number, found \(rotaryBase)")
    try require(
      normalizationEpsilon >= 0 && normalizationEpsilon < 1, "rms_norm_eps",
      "expected a small positive number, found \(normalizationEpsilon)")
    if let clip = queryKeyValueClip {
      try require(clip > 0 && clip.isFinite, "clip_qkv", "expected a positive number, found \(clip)")
    }
  }
}
