import Basics
import Checkpoints
import Foundation
import Torch

/// From a checkpoint's bytes to the decoder's parameters.
enum WeightLoader {
  /// The entries of all parameters, in the decoder's order.
  /// - Throws: ``Failure`` naming the first tensor that is missing, misshapen, of a wrong type or not part of the model.
  static func check(_ checkpoint: Checkpoint, _ architecture: Architecture) throws -> [TensorEntry] {
    // Layer by layer, so that an absurd layer count fails at the first layer that is not there.
    var entries: [TensorEntry] = []
    func require(_ shapes: [(name: String, shape: [Int])]) throws {
      for (name, shape) in shapes {
        entries.append(try checkpoint.require(name, shape: shape, elementTypes: [.float32, .bfloat16, .float16]))
      }
    }
    for layer in 0..<architecture.layerCount { try require(architecture.parameterShapes(layer: layer)) }
    let layerEntries = entries
    entries = []
    try require(architecture.parameterShapes.filter { !$0.name.hasPrefix("model.layers.") })
    let known = Set((layerEntries + entries).map(\.name))
    for name in checkpoint.names where !known.contains(name) && !isIgnored(name, architecture) {
      throw Failure(
        .badData, at: checkpoint.location(name),
        "the tensor is not part of the model that config.json describes",
        hint: "config.json is from another model, or the architecture has parts that are not supported")
    }
    return entries + layerEntries
  }

  /// Whether there is a head that differs from the embedding, although config.json calls them one; transformers 5 takes
  /// such a head for what it is.
  static func hasHeadOfItsOwn(_ checkpoint: Checkpoint) throws -> Bool {
    guard let head = checkpoint.entry(named: "lm_head.weight"),
      let embedding = checkpoint.entry(named: "model.embed_tokens.weight")
    else { return false }
    guard head.shape == embedding.shape, head.elementType == embedding.elementType else { return true }
    let (one, other) = (try checkpoint.bytes(of: head), try checkpoint.bytes(of: embedding))
    guard let first = one.baseAddress, let second = other.baseAddress, one.count == other.count else { return true }
    return memcmp(first, second, one.count) != 0
  }

  /// Buffers that old checkpoints hold, and a copy of a tied head.
  private static func isIgnored(_ name: String, _ architecture: Architecture) -> Bool {
    name.hasSuffix("rotary_emb.inv_freq") || architecture.tiesHead && name == "lm_head.weight"
  }

  static func load(
    _ entries: [TensorEntry], from checkpoint: Checkpoint, dtype: DType, writable: Bool
  ) throws -> Parameters {
    var parameters = Parameters()
    for entry in entries {
      let mapped = try Tensor.borrowing(
        checkpoint.bytes(of: entry), shape: entry.shape, dtype: entry.elementType.dtype, owner: checkpoint)
      if mapped.dtype != dtype {
        parameters.add(entry.name, try mapped.converted(to: dtype))
      } else {
        parameters.add(entry.name, writable ? try mapped.cloned() : mapped)
      }
    }
    return parameters
  }
}

extension ElementType {
  /// The tensor dtype of this name; types that tensors do not have read as bytes.
  var dtype: DType {
    switch self {
    case .float32: .float32
    case .bfloat16: .bfloat16
    case .float16: .float16
    case .float64: .float64
    case .int64: .int64
    case .int32: .int32
    case .bool: .bool
    default: .uint8
    }
  }
}

extension DType {
  /// The safetensors type of a tensor's dtype.
  public var elementType: ElementType {
    switch self {
    case .float32: .float32
    case .bfloat16: .bfloat16
    case .float16: .float16
    case .float64: .float64
    case .int64: .int64
    case .int32: .int32
    case .bool: .bool
    case .uint8: .uint8
    }
  }
}

extension TensorSource {
  /// A tensor to be written, converted to `elementType` when its turn comes.
  public init(name: String, tensor: Tensor, dtype: DType? = nil) {
    let dtype = dtype ?? tensor.dtype
    self.init(name: name, elementType: dtype.elementType, shape: tensor.shape) { sink in
      try tensor.detached().converted(to: dtype).contiguous().withBytes { try sink($0) }
    }
  }
}
