import Basics
import Checkpoints
import XCTest

final class SafetensorsHeaderTests: CheckpointTestCase {
  private func file(_ json: String, length: UInt64? = nil, data: Int = 8) -> [UInt8] {
    littleEndian(length ?? UInt64(json.utf8.count)) + Array(json.utf8) + Array(repeating: 0, count: data)
  }

  private func tensor(_ dtype: String = "F32", _ shape: String = "[2]", _ offsets: String = "[0,8]") -> String {
    #"{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  private func refuse(_ bytes: [UInt8], _ part: String, line: UInt = #line) throws {
    let path = try write(bytes)
    assertFailure(.badData, part, line: line) { _ = try SafetensorsFile(path: path) }
    assertFailure(.badData, path, line: line) { _ = try SafetensorsFile(path: path) }
  }

  private func refuse(_ entry: String, _ part: String, line: UInt = #line) throws {
    try refuse(file("{\"a\":\(entry)}"), part, line: line)
  }

  func testAccepts() throws {
    for json in ["{\"a\":\(tensor())}", "{\"a\":\(tensor())}   ", "{\"a\":\(tensor()),\"__metadata__\":{\"k\":\"v\"}}"]
    {
      XCTAssertEqual(try SafetensorsFile(path: write(file(json))).entries.map(\.name), ["a"])
    }
    XCTAssertTrue(try SafetensorsFile(path: write(file("{}", data: 0))).entries.isEmpty)
    // A tensor without elements lies between two others.
    let json = "{\"b\":\(tensor("U8", "[4]", "[4,8]")),\"e\":\(tensor("I64", "[0,9]", "[4,4]")),"
    let entries = try SafetensorsFile(path: write(file(json + "\"a\":\(tensor("F32", "[]", "[0,4]"))}"))).entries
    XCTAssertEqual(entries.map(\.name), ["b", "e", "a"])
  }

  func testLength() throws {
    try refuse([], "at least 8 bytes, found 0")
    try refuse([1, 0, 0, 0, 0, 0, 0], "at least 8 bytes, found 7")
    try refuse(file("{}", length: 0), "begin with '{'")
    try refuse(file("{}", length: 11), "claims 11 bytes, but only 10 follow")
    for length in [100_000_001, UInt64(Int64.max), UInt64(Int64.max) + 1, .max, .max - 7] {
      try refuse(file("{}", length: length), "at most 100000000 bytes")
    }
    try refuse(file("{}", length: 1), "invalid JSON")
    try refuse(file("{}", length: 3), "unexpected text")
  }

  func testJSON() throws {
    try refuse(file("[]"), "begin with '{'")
    try refuse(file(" {}"), "begin with '{'")
    try refuse(file("\u{FEFF}{}"), "begin with '{'")
    try refuse(file("{\"a\":\(tensor()),\"a\":\(tensor())}"), "appears twice")
    try refuse(file("{\"a\":\(tensor()),\"\\u0061\":\(tensor())}"), "appears twice")
    try refuse(file("{\"__metadata__\":{},\"__metadata__\":{}}"), "appears twice")
    try refuse(#"{"dtype":"U8","dtype":"U8","shape":[8],"data_offsets":[0,8]}"#, "appears twice")
    try refuse(file(String(repeating: "{\"a\":", count: 5000)), "nested deeper")
    var invalid = file("{\"x\":\(tensor())}")
    invalid[10] = 0xFF
    try refuse(invalid, "UTF-8")
  }

  func testFields() throws {
    try refuse("3", "expected an object")
    try refuse(#"{"shape":[2],"data_offsets":[0,8]}"#, "dtype")
    try refuse(#"{"dtype":"F32","data_offsets":[0,8]}"#, "shape")
    try refuse(#"{"dtype":"F32","shape":[2]}"#, "data_offsets")
    try refuse(tensor("f32"), "found 'f32'")
    try refuse(tensor("Q4"), "found 'Q4'")
    try refuse(#"{"dtype":3,"shape":[2],"data_offsets":[0,8]}"#, "expected a string")
    try refuse(tensor("F32", "2"), "expected an array")
    try refuse(tensor("F32", "[2.0]"), "non-negative integers")
    try refuse(tensor("F32", "[-2]"), "non-negative integers")
    try refuse(tensor("F32", "[\"2\"]"), "non-negative integers")
    try refuse(tensor("F32", "[2]", "[0]"), "expected 2 numbers, found 1")
    try refuse(tensor("F32", "[2]", "[0,8,8]"), "expected 2 numbers, found 3")
    try refuse(file("{\"__metadata__\":[],\"a\":\(tensor())}"), "object of strings")
    try refuse(file("{\"__metadata__\":{\"k\":1},\"a\":\(tensor())}"), "expected a string")
  }

  func testSizesAndOffsets() throws {
    try refuse(tensor("F32", "[3]"), "takes 12 bytes, but data_offsets give 8")
    try refuse(tensor("F16", "[2]"), "takes 4 bytes")
    try refuse(tensor("F32", "[2,0]"), "takes 0 bytes")
    try refuse(tensor("F32", "[2]", "[8,0]"), "expected a range within 0...8")
    try refuse(tensor("F32", "[2]", "[4,12]"), "expected a range within 0...8")
    try refuse(tensor("F32", "[2]", "[-8,0]"), "non-negative")
    try refuse(tensor("U8", "[8]", "[0,9223372036854775807]"), "expected a range")
    try refuse(tensor("U8", "[8]", "[0,18446744073709551616]"), "data_offsets")
    for shape in ["[9223372036854775807,2]", "[4294967296,4294967296]", "[9223372036854775807]"] {
      try refuse(tensor("F32", shape), "overflows")
    }
    // A product that is two modulo 2^64.
    try refuse(tensor("F32", "[9223372036854775809,2]"), "shape")
  }

  func testCoverage() throws {
    let first = tensor("U8", "[4]", "[0,4]")
    try refuse(file("{\"a\":\(first),\"b\":\(tensor("U8", "[5]", "[3,8]"))}"), "overlaps")
    try refuse(file("{\"a\":\(first),\"b\":\(first)}"), "overlaps")
    try refuse(file("{\"a\":\(first),\"b\":\(tensor("U8", "[3]", "[5,8]"))}"), "leaves a hole")
    try refuse(file("{\"a\":\(tensor("U8", "[7]", "[1,8]"))}"), "leaves a hole")
    try refuse(file("{\"a\":\(first)}"), "found 4 more bytes")
    try refuse(file("{}"), "found 8 more bytes")
  }

  func testEveryTruncationIsRefused() throws {
    let whole = try bytes(ofFile: fixture("reference.safetensors"))
    for count in 0..<whole.count {
      try write(Array(whole[..<count]))
      assertFailure { _ = try SafetensorsFile(path: path("test")) }
    }
  }

  func testChangedBytesNeverTrap() throws {
    let whole = try bytes(ofFile: fixture("reference.safetensors"))
    let headerEnd = 8 + Int(whole[0]) + Int(whole[1]) << 8
    for position in 0..<headerEnd {
      for bit in 0..<8 {
        var changed = whole
        changed[position] ^= 1 << UInt8(bit)
        let path = try write(changed)
        assertNoOtherError(path) {
          let file = try SafetensorsFile(path: path)
          for entry in file.entries { XCTAssertEqual(try file.bytes(of: entry).count, entry.byteCount) }
        }
      }
    }
  }
}
