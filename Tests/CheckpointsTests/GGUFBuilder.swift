/// Writes GGUF files for tests, sound ones and damaged ones.
struct GGUFBuilder {
  enum Value {
    case uint32(UInt32)
    case float32(Float)
    case bool(Bool)
    case string(String)
    case strings([String])
    case ints([Int32])
    /// A type's number and bytes, as they are.
    case raw(UInt32, [UInt8])

    var typeAndBytes: [UInt8] {
      switch self {
      case .uint32(let value): [UInt8](UInt32(4)) + [UInt8](value)
      case .float32(let value): [UInt8](UInt32(6)) + [UInt8](value.bitPattern)
      case .bool(let value): [UInt8](UInt32(7)) + [value ? 1 : 0]
      case .string(let text): [UInt8](UInt32(8)) + GGUFBuilder.text(text)
      case .strings(let texts):
        [UInt8](UInt32(9)) + [UInt8](UInt32(8)) + [UInt8](UInt64(texts.count)) + texts.flatMap(GGUFBuilder.text)
      case .ints(let values):
        [UInt8](UInt32(9)) + [UInt8](UInt32(5)) + [UInt8](UInt64(values.count)) + values.flatMap { [UInt8]($0) }
      case .raw(let type, let bytes): [UInt8](type) + bytes
      }
    }
  }

  struct Tensor {
    var name: String
    /// Innermost first, as in the file.
    var sizes: [UInt64]
    var type: UInt32 = 0
    /// Nil: right behind the tensor before, aligned.
    var offset: UInt64?
    var bytes: [UInt8]
  }

  var version: UInt32 = 3
  var metadata: [(key: String, value: Value)] = []
  var tensors: [Tensor] = []
  /// In place of the true counts.
  var tensorCount: UInt64?
  var metadataCount: UInt64?
  var alignment = 32

  static func text(_ text: String) -> [UInt8] { [UInt8](UInt64(text.utf8.count)) + Array(text.utf8) }

  mutating func set(_ key: String, _ value: Value?) {
    metadata.removeAll { $0.key == key }
    if let value { metadata.append((key, value)) }
  }

  /// The bytes before the tensors' data.
  var header: [UInt8] {
    var bytes = Array("GGUF".utf8) + [UInt8](version)
    bytes += [UInt8](tensorCount ?? UInt64(tensors.count)) + [UInt8](metadataCount ?? UInt64(metadata.count))
    for (key, value) in metadata { bytes += Self.text(key) + value.typeAndBytes }
    var next = 0
    for tensor in tensors {
      bytes += Self.text(tensor.name) + [UInt8](UInt32(tensor.sizes.count)) + tensor.sizes.flatMap { [UInt8]($0) }
      bytes += [UInt8](tensor.type) + [UInt8](tensor.offset ?? UInt64(next))
      next += padded(tensor.bytes.count)
    }
    return bytes
  }

  var bytes: [UInt8] {
    var bytes = padded(header)
    for tensor in tensors { bytes += padded(tensor.bytes) }
    return bytes
  }

  private func padded(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

  private func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + Array(repeating: 0, count: padded(bytes.count) - bytes.count)
  }

  /// A whole llama of one layer: width 4, two heads, a vocabulary of three tokens.
  static func llama() -> GGUFBuilder {
    var builder = GGUFBuilder()
    let numbers: [(String, UInt32)] = [
      ("block_count", 1), ("context_length", 16), ("embedding_length", 4), ("feed_forward_length", 6),
      ("attention.head_count", 2), ("attention.head_count_kv", 1),
    ]
    builder.metadata = [("general.architecture", .string("llama"))]
    builder.metadata += numbers.map { ("llama.\($0.0)", .uint32($0.1)) }
    builder.metadata += [
      ("llama.attention.layer_norm_rms_epsilon", .float32(1e-5)), ("tokenizer.ggml.model", .string("gpt2")),
      ("tokenizer.ggml.tokens", .strings(["a", "b", "ab"])), ("tokenizer.ggml.token_type", .ints([1, 1, 1])),
      ("tokenizer.ggml.merges", .strings(["a b"])), ("tokenizer.ggml.eos_token_id", .uint32(2)),
    ]
    let shapes: [(String, [UInt64])] = [
      ("token_embd", [4, 3]), ("blk.0.attn_norm", [4]), ("blk.0.attn_q", [4, 4]), ("blk.0.attn_k", [4, 2]),
      ("blk.0.attn_v", [4, 2]), ("blk.0.attn_output", [4, 4]), ("blk.0.ffn_norm", [4]), ("blk.0.ffn_gate", [4, 6]),
      ("blk.0.ffn_up", [4, 6]), ("blk.0.ffn_down", [6, 4]), ("output_norm", [4]),
    ]
    builder.tensors = shapes.map { name, sizes in
      let count = Int(sizes.reduce(1, *))
      return Tensor(
        name: "\(name).weight", sizes: sizes, bytes: (0..<count).flatMap { [UInt8](Float($0).bitPattern) })
    }
    return builder
  }
}
