import Basics
import Checkpoints
import XCTest

final class GGUFFileTests: CheckpointTestCase {
  private func open(_ gguf: GGUFBytes) throws -> GGUFFile { try GGUFFile(path: write(gguf.bytes)) }

  /// Every refusal must come at once, whatever sizes the file claims.
  private func refuse(_ part: String, line: UInt = #line, _ change: (inout GGUFBytes) -> Void) throws {
    var gguf = GGUFBytes()
    change(&gguf)
    let path = try write(gguf.bytes)
    let clock = ContinuousClock()
    let duration = clock.measure {
      assertFailure(.badData, part, path, line: line) { _ = try GGUFFile(path: path) }
    }
    XCTAssertLessThan(duration, .milliseconds(250), line: line)
  }

  func testValues() throws {
    for version in [2, 3] as [UInt32] {
      var gguf = GGUFBytes()
      gguf.version = version
      gguf.add("u8", type: 0, [200])
      gguf.add("i8", type: 1, [200])
      gguf.add("i16", type: 3, littleEndian(Int16(-2)))
      gguf.add("u32", type: 4, littleEndian(UInt32.max))
      gguf.add("f32", type: 6, littleEndian(Float(1.5).bitPattern))
      gguf.add("bool", type: 7, [1])
      gguf.add("text", type: 8, GGUFBytes.string("é"))
      gguf.add("list", type: 9, littleEndian(UInt32(5)) + littleEndian(UInt64(2)) + [1, 0, 0, 0, 255, 255, 255, 255])
      gguf.add("texts", type: 9, littleEndian(UInt32(8)) + littleEndian(UInt64(1)) + GGUFBytes.string("x"))
      gguf.add("u64", type: 10, littleEndian(UInt64.max))
      gguf.add("f64", type: 12, littleEndian(Double.infinity.bitPattern))
      let file = try open(gguf)
      XCTAssertEqual(file.version, version)
      XCTAssertEqual(try file.int("u8"), 200)
      XCTAssertEqual(try file.int("i8"), -56)
      XCTAssertEqual(try file.int("i16"), -2)
      XCTAssertEqual(try file.int("u32"), Int(UInt32.max))
      XCTAssertEqual(try file.double("f32"), 1.5)
      XCTAssertEqual(try file.double("u8"), 200)
      XCTAssertEqual(try file.bool("bool"), true)
      XCTAssertEqual(try file.string("text"), "é")
      XCTAssertEqual(try file.ints("list"), [1, -1])
      XCTAssertEqual(try file.strings("texts"), ["x"])
      XCTAssertEqual(file.metadata["u64"], .unsigned(.max))
      XCTAssertNil(try file.int("absent"))
      assertFailure(.badData, "'u64'", "an integer") { _ = try file.int("u64") }
      assertFailure(.badData, "'f64'", "a finite number") { _ = try file.double("f64") }
      assertFailure(.badData, "'text'", "a boolean") { _ = try file.bool("text") }
      assertFailure(.badData, "'list'", "an array of strings") { _ = try file.strings("list") }
      assertFailure(.badData, "'texts'", "an array of integers") { _ = try file.ints("texts") }
    }
  }

  func testTensors() throws {
    var gguf = GGUFBytes()
    gguf.addTensor("a", [32, 2], type: 8, offset: 0)
    gguf.addTensor("b", [3], offset: 96)
    gguf.data = (0..<108).map { UInt8($0) }
    let file = try open(gguf)
    let (a, b) = (try XCTUnwrap(file.tensor(named: "a")), try XCTUnwrap(file.tensor(named: "b")))
    XCTAssertEqual(a.shape, [2, 32])
    XCTAssertEqual(a.type, .q8_0)
    XCTAssertEqual(Array(try file.bytes(of: a)), Array(0..<68))
    XCTAssertEqual(Array(try file.bytes(of: b)), Array(96..<108))
  }

  func testPreamble() throws {
    for bytes in [[], Array("GGUF".utf8), Array("GGML".utf8) + Array(repeating: 0, count: 60)] as [[UInt8]] {
      try write(bytes)
      assertFailure { _ = try GGUFFile(path: path("test")) }
    }
    try refuse("found version 1") { $0.version = 1 }
    try refuse("found version 4") { $0.version = 4 }
    try refuse("big-endian") { $0.version = 3 << 24 }
    assertFailure(.missingInput) { _ = try GGUFFile(path: path("absent")) }
  }

  func testHugeCounts() throws {
    for count in [1000, 1 << 32, UInt64(Int64.max), .max] {
      try refuse("number of tensors") { $0.tensorCount = count }
      try refuse("number of metadata values") {
        $0.metadataCount = count
        $0.add("a", type: 0, [1])
      }
      try refuse("metadata key") {
        $0.metadataCount = 1; $0.data = littleEndian(count) + Array(repeating: 0, count: 32)
      }
      try refuse("'a'") { $0.add("a", type: 8, littleEndian(count)) }
      for type in [0, 4, 8, 9, 12] as [UInt32] {
        try refuse("'a'") { $0.add("a", type: 9, littleEndian(type) + littleEndian(count)) }
      }
    }
  }

  func testMetadata() throws {
    try refuse("appears twice") {
      $0.add("a", type: 0, [1])
      $0.add("a", type: 0, [1])
    }
    try refuse("found 13") { $0.add("a", type: 13, [1]) }
    try refuse("0 or 1, found 2") { $0.add("a", type: 7, [2]) }
    try refuse("not valid UTF-8") { $0.add("a", type: 8, littleEndian(UInt64(1)) + [0xFF]) }
    let array = littleEndian(UInt32(9)) + littleEndian(UInt64(1))
    try refuse("nest deeper") { $0.add("a", type: 9, Array(repeatElement(array, count: 50).joined())) }
    for alignment in [0, 3, 1 << 31] as [UInt32] {
      try refuse("power of two") { $0.add("general.alignment", type: 4, littleEndian(alignment)) }
    }
  }

  func testTensorClaims() throws {
    try refuse("1 to 4 dimensions, found 0") {
      $0.addTensor("a", []); $0.data = Array(repeating: 0, count: 64)
    }
    try refuse("1 to 4 dimensions, found 5") { $0.addTensor("a", [1, 1, 1, 1, 1]) }
    try refuse("positive sizes") { $0.addTensor("a", [0]) }
    try refuse("positive sizes") { $0.addTensor("a", [.max]) }
    try refuse("overflows") { $0.addTensor("a", [1 << 40, 1 << 40]) }
    try refuse("overflows") { $0.addTensor("a", [UInt64(Int64.max)]) }
    try refuse("found Q2_K") { $0.addTensor("a", [256], type: 10) }
    try refuse("found number 999") { $0.addTensor("a", [256], type: 999) }
    try refuse("multiple of 256") { $0.addTensor("a", [128], type: 12) }
    try refuse("takes 4 bytes") { $0.addTensor("a", [1]) }
    try refuse("takes 4 bytes") { $0.addTensor("a", [1], offset: .max - 31) }
    try refuse("multiple of 32") { $0.addTensor("a", [1], offset: 4) }
    try refuse("appears twice") {
      $0.addTensor("a", [1])
      $0.addTensor("a", [1], offset: 32)
      $0.data = Array(repeating: 0, count: 64)
    }
    try refuse("overlaps") {
      $0.addTensor("a", [16])
      $0.addTensor("b", [1], offset: 32)
      $0.data = Array(repeating: 0, count: 64)
    }
  }
}
