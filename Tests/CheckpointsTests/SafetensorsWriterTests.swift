import Basics
import Checkpoints
import Foundation
import XCTest

final class SafetensorsWriterTests: XCTestCase {
  private func numbers(_ name: String, _ count: Int, _ value: Float = 1) -> TensorSource {
    TensorSource(
      name: name, elementType: .float32, shape: [count],
      bytes: Array(repeating: [UInt8](value.bitPattern), count: count).flatMap { $0 })
  }

  func testEqualsTheReferenceByteForByte() throws {
    let path = try fixture("reference.safetensors")
    let reference = try SafetensorsFile(path: path)
    let sources = reference.entries.reversed().map { entry in
      TensorSource(name: entry.name, elementType: entry.elementType, shape: entry.shape) { sink in
        // In two pieces, as a tensor that is computed comes.
        let bytes = try reference.bytes(of: entry)
        try sink(UnsafeRawBufferPointer(rebasing: bytes.prefix(1)))
        try sink(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(1)))
      }
    }
    let copy = try temporaryFolder(self) + "/copy.safetensors"
    try SafetensorsWriter.write(sources, to: copy)
    XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: copy)), try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  func testEmptyFileAndGivenOrder() throws {
    let folder = try temporaryFolder(self)
    try SafetensorsWriter.write([], to: "\(folder)/empty", metadata: [:])
    XCTAssertEqual(
      try contents("\(folder)/empty"), [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8))
    let sources = [numbers("b", 1), numbers("a", 2)]
    try SafetensorsWriter.write(sources, to: "\(folder)/given", metadata: ["k": "v", "a": "\n"], order: .given)
    let given = try SafetensorsFile(path: "\(folder)/given")
    XCTAssertEqual(given.entries.map(\.name), ["b", "a"])
    XCTAssertEqual(given.metadata, ["k": "v", "a": "\n"])
  }

  func testRefusesRepeatedNamesAndWrongSizesAndLeavesNothing() throws {
    let folder = try temporaryFolder(self)
    let path = "\(folder)/x.safetensors"
    assertFailure(.fault, "'a'", "already taken") {
      try SafetensorsWriter.write([numbers("a", 1), numbers("a", 1)], to: path)
    }
    assertFailure(.fault, "already taken") { try SafetensorsWriter.write([numbers("__metadata__", 1)], to: path) }
    for bytes in [3, 5] {
      let wrong = TensorSource(
        name: "w", elementType: .float32, shape: [1], bytes: Array(repeating: 0, count: bytes))
      assertFailure(.fault, "'w'", "expected 4 bytes", "found \(bytes)") {
        try SafetensorsWriter.write([wrong], to: path)
      }
    }
    let huge = TensorSource(name: "h", elementType: .float32, shape: [.max, 2], bytes: [])
    assertFailure(.fault, "overflows") { try SafetensorsWriter.write([huge], to: path) }
    let stopped = TensorSource(name: "s", elementType: .float32, shape: [1]) { _ in throw Failure(.stopped, "stop") }
    assertFailure(.stopped) { try SafetensorsWriter.write([stopped], to: path) }
    assertFailure(.cannotWrite, "create the parent folder") {
      try SafetensorsWriter.write([], to: "\(folder)/absent/x.safetensors")
    }
    XCTAssertEqual(try Folder.names(folder), [])
  }

  func testShards() throws {
    let folder = try temporaryFolder(self)
    // A tensor above the limit gets a shard at once; the others fill shards in order.
    let sources = [numbers("a", 2), numbers("big", 9), numbers("c", 2), numbers("b", 3)]
    let names = try SafetensorsWriter.writeSharded(sources, to: folder, maximumShardSize: 20)
    XCTAssertEqual(
      names,
      (1...3).map { "model-0000\($0)-of-00003.safetensors" } + ["model.safetensors.index.json"])
    let index = try String(contentsOfFile: "\(folder)/model.safetensors.index.json", encoding: .utf8)
    XCTAssertEqual(
      index,
      """
      {
        "metadata": {
          "total_size": 64
        },
        "weight_map": {
          "a": "model-00002-of-00003.safetensors",
          "b": "model-00003-of-00003.safetensors",
          "big": "model-00001-of-00003.safetensors",
          "c": "model-00002-of-00003.safetensors"
        }
      }

      """)
    let checkpoint = try Checkpoint(folder: folder)
    XCTAssertEqual(Set(checkpoint.names), ["a", "b", "big", "c"])
    XCTAssertEqual(try checkpoint.require("b", shape: [3]).byteCount, 12)
  }

  func testASmallModelIsOneFile() throws {
    let folder = try temporaryFolder(self)
    XCTAssertEqual(
      try SafetensorsWriter.writeSharded([numbers("a", 5)], to: folder, maximumShardSize: 20), ["model.safetensors"])
    XCTAssertEqual(try Folder.names(folder), ["model.safetensors"])
  }
}
