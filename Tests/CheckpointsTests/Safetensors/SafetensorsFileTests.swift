import Basics
import Checkpoints
import XCTest

final class SafetensorsFileTests: CheckpointTestCase {
  func testReadsEveryElementTypeOfTheReferenceFile() throws {
    let file = try SafetensorsFile(path: fixture("reference.safetensors"))
    XCTAssertEqual(file.metadata, ["format": "pt"])
    XCTAssertEqual(Set(file.entries.map(\.elementType)), Set(ElementType.allCases))
    for entry in file.entries where entry.name.hasPrefix("of ") {
      XCTAssertEqual(entry.shape, [2, 3])
      XCTAssertEqual(entry.elementCount, 6)
      let expected = (0..<entry.byteCount).map { UInt8($0 % 2) }
      XCTAssertEqual(Array(try file.bytes(of: entry)), expected, entry.name)
    }
    let scalar = try XCTUnwrap(file.entry(named: "b.scalar"))
    XCTAssertEqual(scalar.shape, [])
    XCTAssertEqual(Array(try file.bytes(of: scalar)), littleEndian(Float(2.5).bitPattern))
    let empty = try XCTUnwrap(file.entry(named: "B.empty"))
    XCTAssertEqual(empty.shape, [2, 0])
    XCTAssertEqual(try file.bytes(of: empty).count, 0)
    XCTAssertNil(file.entry(named: "b.empty"))
  }

  func testNamesAreComparedByBytes() throws {
    let header = #"{"é":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
    let other = "\"e\u{301}\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}"
    let json = Array((header + other).utf8)
    let file = try SafetensorsFile(path: write(littleEndian(UInt64(json.count)) + json + [7, 8]))
    XCTAssertEqual(file.entries.count, 2)
    XCTAssertEqual(Array(try file.bytes(of: XCTUnwrap(file.entry(named: "é")))), [7])
    XCTAssertEqual(Array(try file.bytes(of: XCTUnwrap(file.entry(named: "e\u{301}")))), [8])
  }

  func testEntryOfAnotherFileIsRefused() throws {
    let file = try SafetensorsFile(path: fixture("reference.safetensors"))
    let foreign = try SafetensorsFile(path: fixture("dequantization.safetensors"))
    assertFailure(.fault, "not from this file") { _ = try file.bytes(of: XCTUnwrap(foreign.entries.first)) }
  }

  func testMissingFile() {
    assertFailure(.missingInput, "no such file") { _ = try SafetensorsFile(path: path("absent")) }
    assertFailure(.missingInput, "expected a file") { _ = try SafetensorsFile(path: folder) }
  }
}
