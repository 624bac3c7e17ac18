import Basics

/// The model families that can be converted from GGUF, and how each differs from the others.
enum GGUFArchitecture: String, CaseIterable {
  case llama
  case olmo
  case qwen2

  /// The architecture that the file names.
  init(_ file: GGUFFile) throws {
    let key = "general.architecture"
    guard let name = try file.string(key) else {
      throw Failure(.badData, at: file.location(key), "the key is missing")
    }
    guard let architecture = GGUFArchitecture(rawValue: name) else {
      let supported = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(.badData, at: file.location(key), "expected one of \(supported), found '\(name.shown)'")
    }
    self = architecture
  }

  /// The class in `config.json`.
  var className: String {
    switch self {
    case .llama: "LlamaForCausalLM"
    case .olmo: "OlmoForCausalLM"
    case .qwen2: "Qwen2ForCausalLM"
    }
  }

  /// True when GGUF interleaves the two halves of each head of queries and keys, as rotary embedding pairs them.
  var interleavesHeads: Bool { self != .qwen2 }

  /// True when the layer norms have weights.
  var hasNormWeights: Bool { self != .olmo }

  /// True when queries, keys and values have biases.
  var hasAttentionBiases: Bool { self == .qwen2 }

  /// The key of the norm's epsilon.
  var epsilonKey: String { self == .olmo ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon" }
}
