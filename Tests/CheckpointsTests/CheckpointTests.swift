import Basics
import Checkpoints
import Foundation
import XCTest

final class CheckpointTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws { folder = try temporaryFolder(self) }

  private func shard(_ name: String, _ tensors: [String], in place: String? = nil) throws {
    let sources = tensors.map { name in
      TensorSource(name: name, elementType: .bfloat16, shape: [2, 1], bytes: Array(name.utf8.prefix(1)) + [0, 0, 0])
    }
    try SafetensorsWriter.write(sources, to: "\(place ?? folder)/\(name)")
  }

  private func index(_ map: [(String, JSONValue)]) throws {
    let document: JSONValue = ["metadata": [:], "weight_map": .object(JSONObject(map))]
    try AtomicFile.write(document.text(), to: "\(folder)/model.safetensors.index.json")
  }

  private let first = "model-00001-of-00002.safetensors"
  private let second = "model-00002-of-00002.safetensors"

  func testSingleFile() throws {
    try shard("model.safetensors", ["x", "y"])
    let checkpoint = try Checkpoint(folder: folder + "/")
    XCTAssertEqual(checkpoint.names, ["x", "y"])
    let entry = try checkpoint.require("y", shape: [2, 1], elementTypes: [.float32, .bfloat16])
    XCTAssertEqual(Array(try checkpoint.bytes(of: entry)), [UInt8(ascii: "y"), 0, 0, 0])
    assertFailure(.badData, folder, "'z'", "missing") { try checkpoint.require("z", shape: [1]) }
    assertFailure(.badData, "model.safetensors", "'x'", "expected shape [1]", "found [2, 1]") {
      try checkpoint.require("x", shape: [1])
    }
    assertFailure(.badData, "'x'", "F32 or F16", "found BF16") {
      try checkpoint.require("x", shape: [2, 1], elementTypes: [.float32, .float16])
    }
  }

  func testShardsAndLinks() throws {
    // A cache keeps the files elsewhere and links to them.
    let elsewhere = try temporaryFolder(self)
    try shard("blob", ["x"], in: elsewhere)
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder)/\(first)", withDestinationPath: "\(elsewhere)/blob")
    try shard(second, ["y", "z"])
    try index([("z", .string(second)), ("x", .string(first)), ("y", .string(second))])
    let checkpoint = try Checkpoint(folder: folder)
    XCTAssertEqual(checkpoint.names, ["y", "z", "x"])
    for name in checkpoint.names {
      let entry = try XCTUnwrap(checkpoint.entry(named: name))
      XCTAssertEqual(try checkpoint.bytes(of: entry).first, name.utf8.first)
    }
  }

  func testRefusesDisagreementOfIndexAndShards() throws {
    try shard(first, ["x"])
    try index([("x", .string(first)), ("y", .string(second))])
    assertFailure(.missingInput, second, "missing") { try Checkpoint(folder: folder) }
    try shard(second, ["w"])
    assertFailure(.badData, second, "'y'", "missing in the shard") { try Checkpoint(folder: folder) }
    try shard(second, ["y", "w"])
    assertFailure(.badData, second, "'w'", "does not list") { try Checkpoint(folder: folder) }
    try shard(second, ["x", "y"])
    assertFailure(.badData, second, "'x'", "does not list") { try Checkpoint(folder: folder) }
    try shard(second, ["y"])
    XCTAssertNoThrow(try Checkpoint(folder: folder))
    try shard("model-00003-of-00003.safetensors", ["q"])
    assertFailure(.badData, "model-00003-of-00003.safetensors", "not listed") { try Checkpoint(folder: folder) }
  }

  func testRefusesShardsOutsideTheFolder() throws {
    try shard("outside.safetensors", ["x"])
    let inner = "\(folder)/model"
    try Folder.create(inner)
    for name in [
      "../outside.safetensors", "\(folder)/outside.safetensors", "./outside.safetensors", "a\\b.safetensors", "..", "",
      "sub/../../outside.safetensors", "outside.bin", "a\0.safetensors",
    ] {
      let document: JSONValue = ["weight_map": .object(JSONObject([("x", .string(name))]))]
      try AtomicFile.write(document.text(), to: "\(inner)/model.safetensors.index.json")
      assertFailure(.badData, "index.json", "weight_map.x") { try Checkpoint(folder: inner) }
    }
  }

  func testRefusesBadIndexes() throws {
    for (text, word) in [
      ("[]", "a JSON object"), ("{}", "weight_map"), (#"{"weight_map":[]}"#, "weight_map"),
      (#"{"weight_map":{}}"#, "at least one"), (#"{"weight_map":{"x":1}}"#, "weight_map.x"), ("", "invalid JSON"),
      (#"{"weight_map":{"x":"a.safetensors","x":"a.safetensors"}}"#, "twice"),
    ] {
      try AtomicFile.write(text, to: "\(folder)/model.safetensors.index.json")
      assertFailure(.badData, "model.safetensors.index.json", word) { try Checkpoint(folder: folder) }
    }
  }

  func testRefusesFoldersWithoutTensors() throws {
    assertFailure(.missingInput, "no such file") { try Checkpoint(folder: "\(folder)/absent") }
    assertFailure(.missingInput, "found neither") { try Checkpoint(folder: folder) }
    try write([0], to: "\(folder)/model.gguf")
    assertFailure(.missingInput, "unlearn convert") { try Checkpoint(folder: folder) }
    assertFailure(.missingInput, "unlearn convert") { try Checkpoint(folder: "\(folder)/model.gguf") }
    try write([0], to: "\(folder)/pytorch_model.bin")
    assertFailure(.missingInput, "pickle files are not read", "save_pretrained") { try Checkpoint(folder: folder) }
    try shard(first, ["x"])
    assertFailure(.missingInput, "no model.safetensors.index.json") { try Checkpoint(folder: folder) }
    try shard("model.safetensors", ["x"])
    assertFailure(.badData, first, "extra shard") { try Checkpoint(folder: folder) }
    try index([("x", .string(first))])
    assertFailure(.badData, "both") { try Checkpoint(folder: folder) }
  }
}
