import Basics

/// Reading of `config.json` fields that families share, with defaults where transformers has them.
struct ConfigurationReader {
  let object: JSONObject
  let location: Location

  func int(_ key: String) throws -> Int { try object.int(key, at: location) }
  func int(_ key: String, default value: Int) throws -> Int { object.has(key) ? try int(key) : value }
  func double(_ key: String, default value: Double) throws -> Double {
    object.has(key) ? try object.double(key, at: location) : value
  }
  func bool(_ key: String, default value: Bool) throws -> Bool {
    object.has(key) ? try object.bool(key, at: location) : value
  }

  /// hidden_size / num_attention_heads unless `head_dim` says otherwise.
  func headSize(hidden: Int, heads: Int) throws -> Int {
    if object.has("head_dim") { return try int("head_dim") }
    guard heads > 0, hidden % heads == 0 else {
      throw Failure(
        .badData, at: location.appending(field: "num_attention_heads"),
        "expected a divisor of hidden_size (\(hidden)), found \(heads)")
    }
    return hidden / heads
  }

  /// `eos_token_id`: a number, a list of numbers, or nothing.
  func endOfTextIDs() throws -> [Int] { try Self.tokenIDs(object["eos_token_id"], location, "eos_token_id") }

  static func tokenIDs(_ value: JSONValue?, _ location: Location, _ field: String) throws -> [Int] {
    switch value {
    case nil, .null: return []
    case .array(let values):
      return try values.map { element in
        guard let id = element.intValue else {
          throw Failure.mismatch(
            at: location.appending(field: field), expected: "integers", found: element.kindName)
        }
        return id
      }
    case .some(let single):
      guard let id = single.intValue else {
        throw Failure.mismatch(at: location.appending(field: field), expected: "an integer", found: single.kindName)
      }
      return [id]
    }
  }

  /// Refuses an activation that the decoder does not have.
  func requireActivation(_ supported: [String]) throws {
    let name = object.has("hidden_act") ? try object.string("hidden_act", at: location) : "silu"
    guard supported.contains(name) else {
      throw Failure(
        .badData, at: location.appending(field: "hidden_act"), "the activation '\(name.shown)' is not supported",
        hint: "supported: \(supported.joined(separator: ", "))")
    }
  }

  /// Base and scaling of the rotary embedding, from `rope_theta` + `rope_scaling` or the newer `rope_parameters`. As in
  /// transformers 5, `rope_scaling` wins where both are there, and a base inside either over one beside it.
  func rotary() throws -> (base: Double, scaling: Architecture.RotaryScaling) {
    let isScaled = object["rope_scaling"]?.objectValue.map { $0.count > 0 } ?? object.has("rope_scaling")
    guard isScaled || object.has("rope_parameters") else {
      return (try double("rope_theta", default: 10_000), .none)
    }
    let key = isScaled ? "rope_scaling" : "rope_parameters"
    let (parameters, place) = (try object.object(key, at: location), location.appending(field: key))
    let base =
      parameters.has("rope_theta")
      ? try parameters.double("rope_theta", at: place) : try double("rope_theta", default: 10_000)
    return (base, try scaling(parameters, at: place))
  }

  private func scaling(_ parameters: JSONObject, at place: Location) throws -> Architecture.RotaryScaling {
    let key = parameters.has("rope_type") ? "rope_type" : "type"
    let type = parameters.has(key) ? try parameters.string(key, at: place) : "default"
    func factor(_ name: String) throws -> Double {
      let value = try parameters.double(name, at: place)
      guard value > 0, value.isFinite else {
        throw Failure(.badData, at: place.appending(field: name), "expected a positive number, found \(value)")
      }
      return value
    }
    switch type {
    case "default": return .none
    case "linear": return .linear(factor: try factor("factor"))
    case "llama3":
      return .llama3(
        factor: try factor("factor"), lowFrequency: try factor("low_freq_factor"),
        highFrequency: try factor("high_freq_factor"),
        originalPositions: parameters.has("original_max_position_embeddings")
          ? try parameters.int("original_max_position_embeddings", at: place)
          : try int("max_position_embeddings", default: 2048))
    default:
      throw Failure(
        .badData, at: place.appending(field: key), "the rotary scaling '\(type.shown)' is not supported",
        hint: "supported: default, linear, llama3")
    }
  }
}
