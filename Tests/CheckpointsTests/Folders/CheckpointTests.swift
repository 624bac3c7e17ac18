import Basics
import Checkpoints
import Foundation
import XCTest

final class CheckpointTests: CheckpointTestCase {
  private let first = "model-00001-of-00002.safetensors"
  private let second = "model-00002-of-00002.safetensors"
  private let indexName = "model.safetensors.index.json"

  /// Two shards of two tensors each, with their index.
  private func makeShards() throws {
    let sources = ["a", "b", "c", "d"].enumerated().map { number, name in
      TensorSource(name: name, elementType: .float32, shape: [1, 1], bytes: [UInt8(number), 0, 0, 0])
    }
    try SafetensorsWriter.writeSharded(sources, to: folder, maximumShardSize: 8)
    XCTAssertEqual(try Folder.names(folder), [first, second, indexName])
  }

  private func writeIndex(_ text: String) throws { try write(Array(text.utf8), indexName) }

  private func refuse(_ kind: Failure.Kind, _ part: String, line: UInt = #line) {
    assertFailure(kind, part, line: line) { _ = try Checkpoint(folder: folder) }
  }

  func testSingleFile() throws {
    let data = try bytes(ofFile: fixture("reference.safetensors"))
    try write(data, "model.safetensors")
    for folder in [folder, folder + "/"] {
      let checkpoint = try Checkpoint(folder: folder)
      XCTAssertEqual(checkpoint.files.count, 1)
      XCTAssertEqual(checkpoint.names.count, 22)
      XCTAssertNotNil(checkpoint.entry(named: "b.scalar"))
    }
  }

  func testShards() throws {
    try makeShards()
    let checkpoint = try Checkpoint(folder: folder)
    XCTAssertEqual(checkpoint.names, ["a", "b", "c", "d"])
    for (number, name) in checkpoint.names.enumerated() {
      let entry = try checkpoint.require(name, shape: [1, 1], elementTypes: [.float32])
      XCTAssertEqual(Array(try checkpoint.bytes(of: entry)), [UInt8(number), 0, 0, 0])
    }
    XCTAssertEqual(checkpoint.location("d").file, path(second))
    XCTAssertNil(checkpoint.entry(named: "e"))
  }

  func testRequire() throws {
    try makeShards()
    let checkpoint = try Checkpoint(folder: folder)
    assertFailure(.badData, "'e'", "missing") { _ = try checkpoint.require("e", shape: [1]) }
    assertFailure(.badData, first, "'a'", "expected shape [1]", "found [1, 1]") {
      _ = try checkpoint.require("a", shape: [1])
    }
    assertFailure(.badData, second, "expected elements of type F16 or BF16, found F32") {
      _ = try checkpoint.require("c", shape: [1, 1], elementTypes: [.float16, .bfloat16])
    }
    let foreign = try SafetensorsFile(path: fixture("reference.safetensors"))
    assertFailure(.fault) { _ = try checkpoint.bytes(of: XCTUnwrap(foreign.entries.first)) }
  }

  func testShardOutsideTheFolder() throws {
    try makeShards()
    try FileManager.default.copyItem(atPath: path(first), toPath: folder + ".outside.safetensors")
    defer { try? FileManager.default.removeItem(atPath: folder + ".outside.safetensors") }
    let outside = (folder as NSString).lastPathComponent + ".outside.safetensors"
    for name in ["../\(outside)", "/etc/x.safetensors", "sub/\(first)", "./\(first)", #"..\\x.safetensors"#] {
      try writeIndex(#"{"weight_map":{"a":"\#(name)"}}"#)
      refuse(.badData, "same folder")
    }
    try writeIndex(#"{"weight_map":{"a":"model\u0000.safetensors"}}"#)
    refuse(.badData, "same folder")
    try writeIndex(#"{"weight_map":{"a":".."}}"#)
    refuse(.badData, "expected a .safetensors file")
  }

  func testIndexIsChecked() throws {
    try makeShards()
    for (text, part) in [
      ("", "invalid JSON"), ("[]", "expected a JSON object"), ("{}", "weight_map"),
      (#"{"weight_map":[]}"#, "expected an object"), (#"{"weight_map":{}}"#, "at least one tensor"),
      (#"{"weight_map":{"a":1}}"#, "name of a shard"),
      (#"{"weight_map":{"a":"\#(first)","a":"\#(second)"}}"#, "appears twice"),
    ] {
      try writeIndex(text)
      refuse(.badData, part)
      refuse(.badData, indexName)
    }
  }

  func testMissingAndExtraShards() throws {
    try makeShards()
    try write(bytes(ofFile: path(second)), "model-00003-of-00003.safetensors")
    refuse(.badData, "model-00003-of-00003.safetensors: the shard is not listed")
    try FileManager.default.removeItem(atPath: path("model-00003-of-00003.safetensors"))
    try FileManager.default.removeItem(atPath: path(second))
    refuse(.missingInput, "\(second): the shard is listed")
  }

  func testMissingAndExtraTensors() throws {
    try makeShards()
    let maps = [
      (#""a":"F","b":"F","c":"S","d":"S","e":"S""#, "'e': the tensor is listed"),
      (#""a":"F","b":"F","c":"S""#, "'d': the tensor is in the shard"),
      (#""a":"F","b":"S","c":"S","d":"S""#, "'b'"),
    ]
    for (map, part) in maps {
      let full = map.replacingOccurrences(of: "\"F\"", with: "\"\(first)\"")
        .replacingOccurrences(of: "\"S\"", with: "\"\(second)\"")
      try writeIndex("{\"weight_map\":{\(full)}}")
      refuse(.badData, part)
    }
  }

  func testDamagedShard() throws {
    try makeShards()
    try write(Array(bytes(ofFile: path(second)).dropLast()), second)
    refuse(.badData, second)
  }

  func testFoldersWithoutOneModel() throws {
    refuse(.missingInput, "found neither")
    try write([], "pytorch_model.bin")
    refuse(.missingInput, "pickle files are not read")
    try FileManager.default.removeItem(atPath: path("pytorch_model.bin"))
    try write([], "x.gguf")
    refuse(.missingInput, "unlearn convert")
    try write([], first)
    refuse(.missingInput, "holds shards but no")
    try write([], "model.safetensors")
    refuse(.badData, "extra shard")
    try write([], indexName)
    refuse(.badData, "holds both")
    assertFailure(.missingInput) { _ = try Checkpoint(folder: path("absent")) }
    assertFailure(.missingInput, "unlearn convert") { _ = try Checkpoint(folder: path("x.gguf")) }
  }
}
