import Basics
import Checkpoints
import Foundation
import XCTest

final class GGUFConversionTests: CheckpointTestCase {
  private static let names = ["llama", "llama-bpe", "llama-spm", "olmo", "qwen2"]

  private func expected(_ name: String) throws -> JSONObject {
    try XCTUnwrap(json(fixture("\(name).expected.json")).objectValue)
  }

  private func convert(
    _ name: String, to output: String = "out", _ type: ElementType = .float32, shard: Int = .max
  ) throws -> String {
    try GGUFConversion.convert(
      gguf: fixture("\(name).gguf"), to: path(output), elementType: type, maximumShardSize: shard)
    return path(output)
  }

  private func digest(_ checkpoint: Checkpoint, _ name: String) throws -> String {
    var hash = SHA256()
    hash.update(try checkpoint.bytes(of: XCTUnwrap(checkpoint.entry(named: name))))
    return hash.hexDigest()
  }

  private func assertTensors(_ folder: String, _ name: String, _ type: String, line: UInt = #line) throws {
    let checkpoint = try Checkpoint(folder: folder)
    let digests = try expected(name).object("digests", at: Location())
    XCTAssertEqual(Set(checkpoint.names), Set(digests.keys), name, line: line)
    for (tensor, value) in digests.entries {
      let digest = try XCTUnwrap(value.objectValue).string(type, at: Location())
      XCTAssertEqual(try self.digest(checkpoint, tensor), digest, "\(name) \(tensor) \(type)", line: line)
    }
  }

  func testTensorsEqualTheReferenceBitForBit() throws {
    for name in Self.names {
      for (type, spelled) in [(ElementType.float32, "float32"), (.bfloat16, "bfloat16"), (.float16, "float16")] {
        let folder = try convert(name, to: "\(name)-\(spelled)", type)
        try assertTensors(folder, name, spelled)
        let configuration = try XCTUnwrap(json("\(folder)/config.json").objectValue)
        XCTAssertEqual(configuration["torch_dtype"], .string(spelled))
      }
    }
  }

  func testShards() throws {
    let folder = try convert("llama", shard: 50_000)
    XCTAssertTrue(try Folder.names(folder).contains("model.safetensors.index.json"))
    try assertTensors(folder, "llama", "float32")
  }

  func testConfigurationEqualsTheReference() throws {
    for name in Self.names where name != "olmo" {
      let configuration = try XCTUnwrap(json("\(convert(name, to: name))/config.json").objectValue)
      for (key, value) in try expected(name).object("config", at: Location()).entries {
        let found = configuration[key]
        XCTAssertTrue(
          found == value || found?.doubleValue == value.doubleValue && found?.doubleValue != nil, "\(name) \(key)")
      }
    }
    let olmo = try XCTUnwrap(json("\(convert("olmo", to: "olmo"))/config.json").objectValue)
    XCTAssertEqual(olmo["architectures"], ["OlmoForCausalLM"])
    XCTAssertEqual(olmo["model_type"], "olmo")
    XCTAssertEqual(olmo["clip_qkv"]?.doubleValue, 8)
    XCTAssertEqual(olmo["tie_word_embeddings"], false)
    XCTAssertFalse(olmo.has("rms_norm_eps"))
  }

  func testTokenizerEqualsTheReference() throws {
    for name in Self.names where name != "olmo" {
      let folder = try convert(name, to: name)
      let found = try XCTUnwrap(json("\(folder)/tokenizer.json").objectValue)
      let reference = try expected(name).object("tokenizer", at: Location())
      XCTAssertEqual(Set(found.keys), Set(reference.keys))
      for (key, value) in reference.entries {
        XCTAssertEqual(sorted(found[key] ?? .null), sorted(value), "\(name) \(key)")
      }
      let special = try json("\(folder)/special_tokens_map.json")
      XCTAssertEqual(sorted(special), sorted(try expected(name).value("special", at: Location())), name)
    }
  }

  /// Objects with their keys in one order.
  private func sorted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let object):
      let entries = object.entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      return .object(JSONObject(entries.map { ($0.key, sorted($0.value)) }))
    case .array(let elements): return .array(elements.map(sorted))
    default: return value
    }
  }

  func testWritesAWholeFolder() throws {
    let folder = try convert("llama")
    XCTAssertEqual(
      try Folder.names(folder),
      [
        "config.json", "generation_config.json", "model.safetensors", "special_tokens_map.json", "tokenizer.json",
        "tokenizer_config.json",
      ])
    let configuration = try XCTUnwrap(json("\(folder)/tokenizer_config.json").objectValue)
    XCTAssertEqual(configuration["chat_template"], "{{ messages }}")
    XCTAssertEqual(try Folder.names(self.folder), ["out"])
  }

  func testRefusals() throws {
    assertFailure(.usage, "F32, BF16 or F16") { _ = try convert("llama", .int8) }
    assertFailure(.missingInput) { try GGUFConversion.convert(gguf: path("absent"), to: path("out")) }
    try Folder.create(path("full"))
    try write([1], "full/mine")
    assertFailure(.cannotWrite, "not empty") { _ = try convert("llama", to: "full") }
    XCTAssertEqual(try Folder.names(folder), ["full"])
    XCTAssertEqual(try Folder.names(path("full")), ["mine"])
  }

  /// Replaces a name in the file by one of the same length.
  private func refuse(_ name: String, _ old: String, _ new: String, _ part: String, line: UInt = #line) throws {
    var data = try Data(contentsOf: URL(fileURLWithPath: fixture("\(name).gguf")))
    let range = try XCTUnwrap(data.range(of: Data(old.utf8)), line: line)
    data.replaceSubrange(range, with: Data(new.utf8))
    let input = try write(Array(data), "changed.gguf")
    assertFailure(.badData, part, input, line: line) { try GGUFConversion.convert(gguf: input, to: path("out")) }
    XCTAssertEqual(try Folder.names(folder), ["changed.gguf"], line: line)
  }

  func testFilesThatDoNotHoldTheModel() throws {
    try refuse("llama", "blk.1.ffn_up.weight", "blk.9.ffn_up.weight", "'blk.1.ffn_up.weight': the tensor is missing")
    try refuse("llama", "blk.0.attn_norm.weight", "blk.1.attn_xxxx.weight", "the tensor is missing")
    try refuse("qwen2", "blk.1.attn_q.bias", "blk.1.attn_q.biaz", "'blk.1.attn_q.bias'")
  }

  func testMetadataThatIsMissing() throws {
    for key in [
      "llama.block_count", "llama.embedding_length", "llama.feed_forward_length", "llama.attention.head_count",
      "llama.context_length", "llama.attention.layer_norm_rms_epsilon", "tokenizer.ggml.tokens",
      "tokenizer.ggml.merges", "tokenizer.ggml.model", "general.architecture",
    ] {
      try refuse("llama", key, String(key.dropLast()) + "?", key)
    }
  }

  func testChangedBytesNeverTrap() throws {
    let whole = try bytes(ofFile: fixture("llama.gguf"))
    let header = try XCTUnwrap(GGUFFile(path: fixture("llama.gguf")).tensors.map(\.byteRange.lowerBound).min())
    var stream: UInt64 = 1
    for _ in 0..<1500 {
      stream = stream &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var changed = whole
      changed[Int(stream >> 33) % header] = [0, 1, 0x7F, 0x80, 0xFF][Int(stream >> 20) % 5]
      let input = try write(changed, "changed.gguf")
      assertNoOtherError(input) { try readAll(input) }
    }
  }

  func testEveryTruncationOfTheHeaderIsRefused() throws {
    let whole = try bytes(ofFile: fixture("llama.gguf"))
    let header = try XCTUnwrap(GGUFFile(path: fixture("llama.gguf")).tensors.map(\.byteRange.lowerBound).min())
    for count in Array(0..<header) + [whole.count - 1] {
      try write(Array(whole[..<count]))
      assertFailure { _ = try GGUFFile(path: path("test")) }
    }
  }

  private func readAll(_ input: String) throws {
    try GGUFConversion.convert(gguf: input, to: path("out"))
    try FileManager.default.removeItem(atPath: path("out"))
  }
}
