import Basics

/// The sizes and settings of a model, read from a GGUF file's metadata and checked against each other.
struct GGUFModelShape {
  let architecture: GGUFArchitecture
  let layers: Int
  let hidden: Int
  let intermediate: Int
  let heads: Int
  let keyValueHeads: Int
  let headSize: Int
  let positions: Int
  let vocabulary: Int
  let rotaryBase: Double
  /// Nil when the file does not say.
  let epsilon: Double?
  /// Queries, keys and values are cut to ±this; OLMo only.
  let clip: Double?
  /// True when the output layer is the embedding.
  let isTied: Bool

  init(_ file: GGUFFile) throws {
    architecture = try GGUFArchitecture(file)
    let metadata = Reader(file: file, prefix: architecture.rawValue)
    layers = try metadata.size("block_count")
    // Every layer has several tensors, so that the file bounds the number of layers before any list is made.
    guard layers <= file.tensors.count else {
      throw Failure(
        .badData, at: metadata.location("block_count"),
        "\(layers) layers cannot be filled by the file's \(file.tensors.count) tensors")
    }
    hidden = try metadata.size("embedding_length")
    intermediate = try metadata.size("feed_forward_length")
    heads = try metadata.size("attention.head_count")
    keyValueHeads = try metadata.size("attention.head_count_kv", default: heads)
    positions = try metadata.size("context_length")
    rotaryBase = try metadata.number("rope.freq_base") ?? 10_000
    guard rotaryBase > 0 else {
      throw Failure.mismatch(
        at: metadata.location("rope.freq_base"), expected: "a positive number", found: String(rotaryBase))
    }
    epsilon = try metadata.number(architecture.epsilonKey)
    if let epsilon, !(0..<1).contains(epsilon) {
      throw Failure.mismatch(
        at: metadata.location(architecture.epsilonKey), expected: "a number from 0 up to 1", found: String(epsilon))
    }
    clip = architecture == .olmo ? try metadata.number("attention.clamp_kqv") : nil
    isTied = file.tensor(named: "output.weight") == nil
    guard let tokens = file.metadata["tokenizer.ggml.tokens"] else {
      throw Failure(.badData, at: file.location("tokenizer.ggml.tokens"), "the key is missing")
    }
    guard case .array(let tokens) = tokens else {
      throw Failure.mismatch(
        at: file.location("tokenizer.ggml.tokens"), expected: "an array of strings", found: tokens.kindName)
    }
    vocabulary = try metadata.size("vocab_size", default: tokens.count)
    headSize = try Self.headSize(metadata, hidden: hidden, heads: heads)
    try check(metadata, tokenCount: tokens.count)
  }

  private static func headSize(_ metadata: Reader, hidden: Int, heads: Int) throws -> Int {
    if let stated = try metadata.optionalSize("attention.key_length") { return stated }
    if let rotary = try metadata.optionalSize("rope.dimension_count") { return rotary }
    guard hidden % heads == 0 else {
      throw Failure(
        .badData, at: metadata.location("attention.head_count"), "\(heads) heads do not divide a width of \(hidden)")
    }
    return hidden / heads
  }

  private func check(_ metadata: Reader, tokenCount: Int) throws {
    guard heads % keyValueHeads == 0 else {
      throw Failure(
        .badData, at: metadata.location("attention.head_count_kv"),
        "\(keyValueHeads) key-value heads do not divide \(heads) heads")
    }
    let rotary = try metadata.size("rope.dimension_count", default: headSize)
    guard headSize % 2 == 0 else {
      throw Failure(
        .badData, at: metadata.location("rope.dimension_count"), "expected heads of an even size, found \(headSize)")
    }
    guard rotary == headSize else {
      throw Failure(
        .badData, at: metadata.location("rope.dimension_count"),
        "expected the size of a head, \(headSize), found \(rotary)")
    }
    if let valueSize = try metadata.optionalSize("attention.value_length"), valueSize != headSize {
      throw Failure(
        .badData, at: metadata.location("attention.value_length"), "expected \(headSize), found \(valueSize)")
    }
    if architecture != .llama, heads.multipliedReportingOverflow(by: headSize) != (hidden, false) {
      throw Failure(
        .badData, at: metadata.location("attention.head_count"),
        "\(heads) heads of \(headSize) do not make a width of \(hidden)")
    }
    guard tokenCount <= vocabulary else {
      throw Failure(
        .badData, at: metadata.location("vocab_size"), "\(vocabulary) is less than the \(tokenCount) tokens of the file"
      )
    }
    if try metadata.optionalSize("expert_count", minimum: 0).map({ $0 > 0 }) ?? false {
      throw Failure(.badData, at: metadata.location("expert_count"), "mixtures of experts are not supported")
    }
    try checkRotaryScaling(metadata)
    try checkNorm(metadata)
  }

  /// A factor without a type is a linear one, under the key of now or of the first files.
  private func checkRotaryScaling(_ metadata: Reader) throws {
    if let scaling = try metadata.string("rope.scaling.type") {
      guard scaling != "none" else { return }
      throw Failure(
        .badData, at: metadata.location("rope.scaling.type"),
        "scaled rotary embedding ('\(scaling.shown)') is not supported")
    }
    for key in ["rope.scaling.factor", "rope.scale_linear"] {
      guard let factor = try metadata.number(key), factor != 0, factor != 1 else { continue }
      throw Failure(
        .badData, at: metadata.location(key), "scaled rotary embedding (linear, \(factor)) is not supported")
    }
  }

  private func checkNorm(_ metadata: Reader) throws {
    let key = architecture.epsilonKey
    guard let epsilon else {
      guard architecture == .olmo else { throw Failure(.badData, at: metadata.location(key), "the key is missing") }
      return
    }
    if architecture == .olmo, abs(epsilon - 1e-5) > 1e-9 {
      throw Failure(.badData, at: metadata.location(key), "OLMo's epsilon is 0.00001, found \(epsilon)")
    }
  }

  /// Reads keys below the architecture's name.
  private struct Reader {
    let file: GGUFFile
    let prefix: String

    func location(_ key: String) -> Location { file.location("\(prefix).\(key)") }
    func string(_ key: String) throws -> String? { try file.string("\(prefix).\(key)") }
    func number(_ key: String) throws -> Double? { try file.double("\(prefix).\(key)") }

    /// A size within 32 bits, so that the product of any two fits.
    func optionalSize(_ key: String, minimum: Int = 1) throws -> Int? {
      guard let size = try file.int("\(prefix).\(key)") else { return nil }
      guard (minimum...Int(Int32.max)).contains(size) else {
        throw Failure(.badData, at: location(key), "expected \(minimum) to \(Int32.max), found \(size)")
      }
      return size
    }

    func size(_ key: String, default value: Int? = nil) throws -> Int {
      guard let size = try optionalSize(key) ?? value else {
        throw Failure(.badData, at: location(key), "the key is missing")
      }
      return size
    }
  }
}
