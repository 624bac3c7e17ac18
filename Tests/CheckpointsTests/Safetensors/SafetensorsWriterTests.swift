import Basics
import Checkpoints
import Foundation
import XCTest

final class SafetensorsWriterTests: CheckpointTestCase {
  private func source(_ name: String, _ count: Int, fill: UInt8 = 1) -> TensorSource {
    TensorSource(name: name, elementType: .uint8, shape: [count], bytes: Array(repeating: fill, count: count))
  }

  func testEqualsTheReferenceWriterByteForByte() throws {
    for name in ["reference.safetensors", "dequantization.safetensors"] {
      let file = try SafetensorsFile(path: fixture(name))
      var sources = try file.entries.map { entry in
        TensorSource(
          name: entry.name, elementType: entry.elementType, shape: entry.shape,
          bytes: Array(try file.bytes(of: entry)))
      }
      // The order given does not matter.
      sources.reverse()
      try SafetensorsWriter.write(sources, to: path(name), metadata: file.metadata)
      XCTAssertEqual(try bytes(ofFile: path(name)), try bytes(ofFile: file.path), name)
    }
  }

  func testGivenOrder() throws {
    try SafetensorsWriter.write([source("b", 2), source("a", 3)], to: path("x"), order: .given)
    XCTAssertEqual(try SafetensorsFile(path: path("x")).entries.map(\.name), ["b", "a"])
  }

  func testPiecesAreJoined() throws {
    let pieces = TensorSource(name: "a", elementType: .uint16, shape: [2]) { sink in
      for byte in [1, 2, 3, 4] as [UInt8] { try [byte].withUnsafeBytes { try sink($0) } }
    }
    try SafetensorsWriter.write([pieces], to: path("x"))
    let file = try SafetensorsFile(path: path("x"))
    XCTAssertEqual(Array(try file.bytes(of: XCTUnwrap(file.entry(named: "a")))), [1, 2, 3, 4])
  }

  func testRefusesAndLeavesNothing() throws {
    let short = TensorSource(name: "a", elementType: .uint8, shape: [3], bytes: [1, 2])
    let long = TensorSource(name: "a", elementType: .uint8, shape: [1], bytes: [1, 2])
    let huge = TensorSource(name: "a", elementType: .float32, shape: [.max, 2], bytes: [])
    let negative = TensorSource(name: "a", elementType: .float32, shape: [-1], bytes: [])
    assertFailure(.fault, "expected 3 bytes", "found 2") { try SafetensorsWriter.write([short], to: path("x")) }
    assertFailure(.fault, "expected 1 bytes", "found 2") { try SafetensorsWriter.write([long], to: path("x")) }
    for wrong in [huge, negative] {
      assertFailure(.fault, "overflows") { try SafetensorsWriter.write([wrong], to: path("x")) }
    }
    for name in ["a", "__metadata__"] {
      let sources = [source("a", 1), source(name, 1)]
      assertFailure(.fault, "already taken") { try SafetensorsWriter.write(sources, to: path("x")) }
    }
    assertFailure(.cannotWrite) { try SafetensorsWriter.write([source("a", 1)], to: path("absent/x")) }
    XCTAssertEqual(try Folder.names(folder), [])
  }

  func testAFailedWriteKeepsTheOldFile() throws {
    try SafetensorsWriter.write([source("a", 4)], to: path("x"))
    let old = try bytes(ofFile: path("x"))
    let failing = TensorSource(name: "b", elementType: .uint8, shape: [1]) { _ in throw Failure(.stopped, "stopped") }
    assertFailure(.stopped) { try SafetensorsWriter.write([failing], to: path("x")) }
    XCTAssertEqual(try bytes(ofFile: path("x")), old)
    XCTAssertEqual(try Folder.names(folder), ["x"])
  }

  func testShards() throws {
    let sources = [source("a", 6), source("b", 5), source("huge", 20), source("c", 5), source("d", 1)]
    let names = try SafetensorsWriter.writeSharded(sources, to: folder, maximumShardSize: 10)
    XCTAssertEqual(names.last, "model.safetensors.index.json")
    XCTAssertEqual(try Folder.names(folder), names.sorted())
    XCTAssertTrue(names.contains("model-00001-of-0000\(names.count - 1).safetensors"))
    let index = try XCTUnwrap(json(path("model.safetensors.index.json")).objectValue)
    XCTAssertEqual(try index.object("metadata", at: Location()).int("total_size", at: Location()), 37)
    let checkpoint = try Checkpoint(folder: folder)
    XCTAssertEqual(Set(checkpoint.names), ["a", "b", "huge", "c", "d"])
    for file in checkpoint.files {
      let size = file.entries.reduce(0) { $0 + $1.byteCount }
      XCTAssertTrue(size <= 10 || file.entries.count == 1, "\(file.path): \(size)")
    }
  }

  func testOneShardNeedsNoIndex() throws {
    let names = try SafetensorsWriter.writeSharded([source("a", 6), source("b", 4)], to: folder, maximumShardSize: 10)
    XCTAssertEqual(names, ["model.safetensors"])
    XCTAssertEqual(try Folder.names(folder), names)
  }
}
