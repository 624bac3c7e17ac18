import Basics
import Checkpoints
import Foundation
import XCTest

final class GGUFConversionTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws { folder = try temporaryFolder(self) }

  private func document(_ path: String) throws -> JSONObject {
    try XCTUnwrap(JSONParser.parse(String(contentsOfFile: path, encoding: .utf8)).objectValue)
  }

  private func expected(_ name: String) throws -> JSONObject { try document(fixture("\(name).expected.json")) }

  private func convert(_ change: (inout GGUFBuilder) -> Void) throws {
    var builder = GGUFBuilder.llama()
    change(&builder)
    try write(builder.bytes, to: "\(folder)/x.gguf")
    try GGUFConversion.convert(gguf: "\(folder)/x.gguf", to: "\(folder)/out")
  }

  /// Changes a sound file, converts it, and expects a failure that leaves no folder behind.
  private func assertRefused(_ words: String..., line: UInt = #line, _ change: (inout GGUFBuilder) -> Void) {
    do {
      try convert(change)
      XCTFail("expected a failure", line: line)
    } catch {
      XCTAssertEqual((error as? Failure)?.kind, .badData, line: line)
      for word in ["x.gguf"] + words { XCTAssertTrue("\(error)".contains(word), "\(word): \(error)", line: line) }
    }
    XCTAssertEqual(try Folder.names(folder), ["x.gguf"], line: line)
  }

  func testTensorsEqualTransformersInEveryElementType() throws {
    for name in ["llama", "llama-bpe", "llama-spm", "olmo", "qwen2"] {
      let digests = try expected(name).object("digests", at: Location())
      for (type, key) in [(ElementType.float32, "float32"), (.bfloat16, "bfloat16"), (.float16, "float16")] {
        let output = "\(folder)/\(name)-\(key)"
        try GGUFConversion.convert(gguf: fixture("\(name).gguf"), to: output, elementType: type)
        let checkpoint = try Checkpoint(folder: output)
        XCTAssertEqual(checkpoint.names.sorted(), digests.keys.sorted())
        for tensor in checkpoint.names {
          let entry = try XCTUnwrap(checkpoint.entry(named: tensor))
          XCTAssertEqual(entry.elementType, type)
          var hash = SHA256()
          hash.update(try checkpoint.bytes(of: entry))
          let digest = try digests.object(tensor, at: Location()).string(key, at: Location())
          XCTAssertEqual(hash.hexDigest(), digest, "\(name) \(tensor) \(key)")
        }
        XCTAssertEqual(try document("\(output)/config.json").string("torch_dtype", at: Location()), key)
      }
    }
  }

  func testConfigurationEqualsTransformers() throws {
    for name in ["llama", "llama-bpe", "llama-spm", "qwen2"] {
      let output = "\(folder)/\(name)"
      try GGUFConversion.convert(gguf: fixture("\(name).gguf"), to: output)
      let configuration = try document("\(output)/config.json")
      for (key, value) in try expected(name).object("config", at: Location()).entries {
        XCTAssertEqual(configuration[key], value, "\(name) \(key)")
      }
      XCTAssertEqual(configuration["architectures"], name == "qwen2" ? ["Qwen2ForCausalLM"] : ["LlamaForCausalLM"])
    }
    try GGUFConversion.convert(gguf: fixture("llama.gguf"), to: "\(folder)/again")
    let generation = try document("\(folder)/again/generation_config.json")
    XCTAssertEqual(
      generation,
      JSONObject([("_from_model_config", true), ("bos_token_id", 1), ("eos_token_id", 2), ("pad_token_id", 2)]))
  }

  func testTokenizerEqualsTransformers() throws {
    for name in ["llama", "llama-bpe", "llama-spm", "qwen2"] {
      let output = "\(folder)/\(name)"
      try GGUFConversion.convert(gguf: fixture("\(name).gguf"), to: output)
      let tokenizer = try document("\(output)/tokenizer.json")
      let reference = try expected(name).object("tokenizer", at: Location())
      XCTAssertEqual(tokenizer.keys, reference.keys)
      for (key, value) in reference.entries {
        // Objects compare in order; the model's fields are in the reference's order, its merges and ids too.
        XCTAssertTrue(tokenizer[key] == value, "\(name) \(key)")
      }
      let special = try expected(name).object("special", at: Location())
      let map = try document("\(output)/special_tokens_map.json")
      let configuration = try document("\(output)/tokenizer_config.json")
      for (key, value) in special.entries {
        XCTAssertEqual(map[key], value, "\(name) \(key)")
        XCTAssertEqual(configuration[key], value, "\(name) \(key)")
      }
    }
  }

  func testOLMoKeepsItsOwnTokenizerAndClipping() throws {
    try GGUFConversion.convert(gguf: fixture("olmo.gguf"), to: "\(folder)/out")
    let configuration = try document("\(folder)/out/config.json")
    XCTAssertEqual(configuration["clip_qkv"], 8.0)
    XCTAssertEqual(configuration["model_type"], "olmo")
    XCTAssertEqual(configuration["tie_word_embeddings"], false)
    let tokenizer = try document("\(folder)/out/tokenizer.json")
    XCTAssertEqual(tokenizer["normalizer"], ["type": "NFC"])
    let added = try tokenizer.array("added_tokens", at: Location()).compactMap {
      $0.objectValue?["content"]?.stringValue
    }
    XCTAssertEqual(added, ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"])
  }

  func testShards() throws {
    try GGUFConversion.convert(gguf: fixture("llama.gguf"), to: "\(folder)/whole")
    try GGUFConversion.convert(gguf: fixture("llama.gguf"), to: "\(folder)/parts", maximumShardSize: 100_000)
    XCTAssertTrue(try Folder.names("\(folder)/parts").contains("model.safetensors.index.json"))
    let (whole, parts) = (try Checkpoint(folder: "\(folder)/whole"), try Checkpoint(folder: "\(folder)/parts"))
    XCTAssertGreaterThan(parts.files.count, 1)
    XCTAssertEqual(whole.names.sorted(), parts.names.sorted())
    for name in whole.names {
      let (one, other) = (try XCTUnwrap(whole.entry(named: name)), try XCTUnwrap(parts.entry(named: name)))
      XCTAssertTrue(try whole.bytes(of: one).elementsEqual(parts.bytes(of: other)), name)
    }
  }

  func testASoundFileConvertsAndInterleavedRowsAreRestored() throws {
    try convert { _ in }
    let checkpoint = try Checkpoint(folder: "\(folder)/out")
    // Two heads of two rows: nothing to restore within a head of one pair.
    let query = try checkpoint.require("model.layers.0.self_attn.q_proj.weight", shape: [4, 4])
    XCTAssertEqual(try checkpoint.bytes(of: query).loadUnaligned(fromByteOffset: 4 * 4, as: Float.self), 4)
    XCTAssertEqual(try document("\(folder)/out/config.json")["head_dim"], 2)
  }

  func testRefusesWhatTheFileCannotFill() {
    assertRefused("llama.block_count", "1000000 layers") { $0.set("llama.block_count", .uint32(1_000_000)) }
    assertRefused("llama.block_count", "expected 1") { $0.set("llama.block_count", .uint32(0)) }
    assertRefused("blk.1.attn_q.weight", "missing") { $0.set("llama.block_count", .uint32(2)) }
    assertRefused("'output_norm.weight'", "missing") { $0.tensors.removeLast() }
    assertRefused("blk.1.attn_norm.weight", "not part of a llama model of 1 layers") {
      $0.tensors[1].name = "blk.1.attn_norm.weight";
      $0.tensors.append(.init(name: "blk.0.attn_norm.weight", sizes: [4], bytes: Array(repeating: 0, count: 16)))
    }
    assertRefused("blk.0.ffn_up.weight", "expected shape [7, 4]", "found [6, 4]") {
      $0.set("llama.feed_forward_length", .uint32(7))
      $0.tensors[7].sizes = [4, 7]
      $0.tensors[7].bytes += Array(repeating: 0, count: 16)
    }
    assertRefused("token_embd.weight", "expected shape [4, 4]") { $0.set("llama.vocab_size", .uint32(4)) }
    assertRefused("llama.vocab_size", "3 tokens") { $0.set("llama.vocab_size", .uint32(2)) }
    assertRefused("rope_freqs.weight", "not supported") {
      $0.tensors.append(.init(name: "rope_freqs.weight", sizes: [1], bytes: [0, 0, 0, 0]))
    }
  }

  func testRefusesBadSettings() {
    assertRefused("general.architecture", "llama, olmo, qwen2", "'gemma'") {
      $0.set("general.architecture", .string("gemma"))
    }
    assertRefused("general.architecture", "missing") { $0.set("general.architecture", nil) }
    assertRefused("llama.embedding_length", "missing") { $0.set("llama.embedding_length", nil) }
    assertRefused("llama.embedding_length", "an integer") { $0.set("llama.embedding_length", .string("4")) }
    assertRefused("llama.context_length", "expected 1 to") { $0.set("llama.context_length", .uint32(.max)) }
    assertRefused("llama.attention.head_count") { $0.set("llama.attention.head_count", .uint32(3)) }
    assertRefused("llama.attention.head_count_kv", "do not divide") {
      $0.set("llama.attention.head_count_kv", .uint32(4))
    }
    assertRefused("llama.rope.dimension_count") {
      $0.set("llama.attention.key_length", .uint32(2))
      $0.set("llama.rope.dimension_count", .uint32(1))
    }
    for base in [Float(-1), 0] {
      assertRefused("llama.rope.freq_base", "a positive number") { $0.set("llama.rope.freq_base", .float32(base)) }
    }
    assertRefused("layer_norm_rms_epsilon", "from 0 up to 1") {
      $0.set("llama.attention.layer_norm_rms_epsilon", .float32(-1))
    }
    assertRefused("layer_norm_rms_epsilon", "missing") { $0.set("llama.attention.layer_norm_rms_epsilon", nil) }
    assertRefused("expert_count", "experts") { $0.set("llama.expert_count", .uint32(8)) }
    assertRefused("rope.scaling.type", "yarn") { $0.set("llama.rope.scaling.type", .string("yarn")) }
    assertRefused("rope.scaling.factor", "linear") { $0.set("llama.rope.scaling.factor", .float32(4)) }
    assertRefused("rope.scale_linear", "linear") { $0.set("llama.rope.scale_linear", .float32(4)) }
  }

  func testRefusesBadVocabularies() {
    assertRefused("tokenizer.ggml.tokens", "missing") { $0.set("tokenizer.ggml.tokens", nil) }
    assertRefused("tokenizer.ggml.tokens", "array of strings") { $0.set("tokenizer.ggml.tokens", .ints([1, 2, 3])) }
    assertRefused("tokenizer.ggml.model", "'bert'") { $0.set("tokenizer.ggml.model", .string("bert")) }
    assertRefused("tokenizer.ggml.merges", "missing") { $0.set("tokenizer.ggml.merges", nil) }
    for merge in ["ab", "b a", "a  b", "a c", " ab", "", "a b c"] {
      assertRefused("tokenizer.ggml.merges", "merge 0") { $0.set("tokenizer.ggml.merges", .strings([merge])) }
    }
    assertRefused("tokenizer.ggml.eos_token_id", "0 to 2", "found 3") {
      $0.set("tokenizer.ggml.eos_token_id", .uint32(3))
    }
    assertRefused("token_type", "3 tokens", "found 2") { $0.set("tokenizer.ggml.token_type", .ints([1, 1])) }
    assertRefused("token_type", "1 to 6") { $0.set("tokenizer.ggml.token_type", .ints([1, 1, 9])) }
    assertRefused("tokenizer.ggml.scores", "missing") {
      $0.set("tokenizer.ggml.model", .string("llama"))
      $0.set("tokenizer.ggml.merges", nil)
    }
  }

  func testOutputFolders() throws {
    let path = try fixture("llama.gguf")
    assertFailure(.usage, "F32, BF16 or F16") {
      try GGUFConversion.convert(gguf: path, to: "\(folder)/out", elementType: .int8)
    }
    assertFailure(.missingInput, "no such file") {
      try GGUFConversion.convert(gguf: "\(folder)/absent", to: "\(folder)/out")
    }
    try Folder.create("\(folder)/full")
    try write([1], to: "\(folder)/full/kept")
    assertFailure(.cannotWrite, "not empty") { try GGUFConversion.convert(gguf: path, to: "\(folder)/full") }
    XCTAssertEqual(try Folder.names("\(folder)"), ["full"])
    XCTAssertEqual(try Folder.names("\(folder)/full"), ["kept"])
  }
}
