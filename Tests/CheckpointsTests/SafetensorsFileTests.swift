import Basics
import Checkpoints
import XCTest

final class SafetensorsFileTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws { folder = try temporaryFolder(self) }

  private func file(_ json: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
    file(Array(json.utf8), data: data, length: length)
  }

  private func file(_ json: [UInt8], data: Int = 0, length: UInt64? = nil) -> [UInt8] {
    [UInt8](length ?? UInt64(json.count)) + json + Array(repeating: 7, count: data)
  }

  private func open(_ bytes: [UInt8]) throws -> SafetensorsFile {
    let path = "\(folder)/x.safetensors"
    try write(bytes, to: path)
    return try SafetensorsFile(path: path)
  }

  private func tensor(_ type: String = "F32", _ shape: String = "[1]", _ offsets: String = "[0,4]") -> String {
    #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  func testReferenceFile() throws {
    let file = try SafetensorsFile(path: fixture("reference.safetensors"))
    XCTAssertEqual(file.metadata, ["format": "pt"])
    XCTAssertEqual(file.entries.count, 22)
    XCTAssertEqual(file.entries.first?.name, "of uint64")
    let pairs = try XCTUnwrap(file.entry(named: "of bfloat16"))
    XCTAssertEqual(pairs.shape, [2, 3])
    XCTAssertEqual(pairs.elementType, .bfloat16)
    XCTAssertEqual(Array(try file.bytes(of: pairs)), [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
    let scalar = try XCTUnwrap(file.entry(named: "b.scalar"))
    XCTAssertEqual(scalar.shape, [])
    XCTAssertEqual(try file.bytes(of: scalar).loadUnaligned(as: Float.self), 2.5)
    XCTAssertEqual(file.entry(named: "B.empty")?.byteCount, 0)
    XCTAssertNil(file.entry(named: "absent"))
    XCTAssertNotNil(file.entry(named: "quote \" backslash \\ tab \t é \u{2028} 🙂 \u{1} \u{7f}"))
  }

  func testNamesAreComparedByBytes() throws {
    let json = #"{"\u00e9":\#(tensor()),"e\u0301":\#(tensor("F32", "[1]", "[4,8]"))}"#
    let opened = try open(file(json, data: 8))
    XCTAssertEqual(opened.entries.count, 2)
    XCTAssertNotEqual(opened.entry(named: "\u{e9}"), opened.entry(named: "e\u{301}"))
  }

  func testAnEntryOfAnotherFileIsRefused() throws {
    let other = try SafetensorsFile(path: fixture("reference.safetensors"))
    let opened = try open(file("{}"))
    assertFailure(.fault, "not from this file") { try opened.bytes(of: other.entries[0]) }
  }

  func testAcceptsWhatTheReferenceAccepts() throws {
    for (json, data) in [
      ("{}", 0), ("{}      ", 0), ("{}\n", 0), (#"{"a":\#(tensor())}"#, 4),
      (#"{"a":\#(tensor("F32", "[]", "[0,4]"))}"#, 4), (#"{"a":\#(tensor("F32", "[0]", "[0,0]"))}"#, 0),
      (#"{"a":\#(tensor("F32", "[0,4611686018427387904,4611686018427387904]", "[0,0]"))}"#, 0),
      (#"{"":\#(tensor())}"#, 4), (#"{"b":\#(tensor("F32", "[1]", "[4,8]")),"a":\#(tensor())}"#, 8),
    ] {
      XCTAssertNoThrow(try open(file(json, data: data)), json)
    }
  }

  func testRefusesALengthThatDoesNotFit() {
    assertFailure(.badData, "x.safetensors", "at least 8 bytes") { try open([]) }
    assertFailure(.badData, "at least 8 bytes") { try open([1, 2, 3]) }
    assertFailure(.badData, "claims 99 bytes") { try open(file("{}", length: 99)) }
    assertFailure(.badData, "at most 100000000") { try open(file("{}", length: 100_000_001)) }
    assertFailure(.badData, "at most 100000000") { try open(file("{}", length: .max)) }
    assertFailure(.badData, "'{'") { try open(file("{}", length: 0)) }
    assertFailure(.missingInput, "no such file") { try SafetensorsFile(path: "\(folder)/absent") }
    assertFailure(.missingInput, "expected a file") { try SafetensorsFile(path: folder) }
  }

  func testRefusesBadJSON() {
    for json in ["[]", " {}", "{}\0\0", #"{"a":1}"#, #"{"a":[]}"#, "\u{feff}{}", #"{"\ud800":1}"#, "{", "{\"a\"}"] {
      assertFailure(.badData, "x.safetensors") { try open(file(json, data: 4)) }
    }
    assertFailure(.badData, "nested") { try open(file(String(repeating: #"{"a":"#, count: 200))) }
    assertFailure(.badData, "UTF-8") {
      try open(file(Array(#"{""#.utf8) + [0xFF] + Array(#"":\#(tensor())}"#.utf8), data: 4))
    }
    assertFailure(.badData, "appears twice") { try open(file(#"{"a":\#(tensor()),"a":\#(tensor())}"#, data: 4)) }
  }

  func testRefusesBadMetadata() {
    assertFailure(.badData, "__metadata__") { try open(file(#"{"__metadata__":1}"#)) }
    assertFailure(.badData, "__metadata__.n", "a string") { try open(file(#"{"__metadata__":{"n":1}}"#)) }
    assertFailure(.badData, "appears twice") { try open(file(#"{"__metadata__":{"n":"","n":""}}"#)) }
  }

  func testRefusesBadTensors() {
    let cases: [(entry: String, data: Int, word: String)] = [
      (tensor("F31"), 4, "F31"), (tensor("f32"), 4, "f32"), (tensor("F32", "[1.0]"), 4, "shape"),
      (tensor("F32", "[1.5]"), 4, "shape"), (tensor("F32", "[-1]"), 4, "-1"), (tensor("F32", "[\"1\"]"), 4, "shape"),
      (tensor("F32", "1"), 4, "shape"), (tensor("F32", "[1]", "[0,4,4]"), 4, "data_offsets"),
      (tensor("F32", "[1]", "[0]"), 4, "data_offsets"), (tensor("F32", "[1]", "[0,4.0]"), 4, "data_offsets"),
      (tensor("F32", "[1]", "[4,0]"), 4, "data_offsets"), (tensor("F32", "[1]", "[0,8]"), 4, "data_offsets"),
      (tensor("F32", "[1]", "[0,9223372036854775807]"), 4, "data_offsets"), (tensor("F32", "[2]"), 4, "takes 8 bytes"),
      (tensor("F32", "[9223372036854775807]"), 4, "overflows"),
      (tensor("F32", "[4611686018427387904,4611686018427387904,0]", "[0,0]"), 0, "overflows"),
      (tensor("F32", "[18446744073709551616]", "[0,0]"), 0, "shape"), (tensor(), 5, "1 more bytes"),
      (tensor("F32", "[1]", "[4,8]"), 8, "hole"), (#"{"shape":[1],"data_offsets":[0,4]}"#, 4, "dtype"),
      (#"{"dtype":"F32","data_offsets":[0,4]}"#, 4, "shape"), (#"{"dtype":"F32","shape":[1]}"#, 4, "data_offsets"),
      (#"{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}"#, 4, "appears twice"),
    ]
    for (entry, data, word) in cases {
      assertFailure(.badData, "x.safetensors", word) { try open(file(#"{"a":\#(entry)}"#, data: data)) }
    }
    assertFailure(.badData, "'b'", "overlaps") { try open(file(#"{"a":\#(tensor()),"b":\#(tensor())}"#, data: 4)) }
    let inside = #"{"a":\#(tensor("F32", "[2]", "[0,8]")),"b":\#(tensor("F32", "[0]", "[4,4]"))}"#
    assertFailure(.badData, "'b'", "overlaps") { try open(file(inside, data: 8)) }
  }

  func testEveryTruncationIsRefused() throws {
    let whole = try contents(fixture("reference.safetensors"))
    for count in 0..<whole.count {
      XCTAssertFalse(succeedsOrFails { _ = try open(Array(whole.prefix(count))) }, "\(count) bytes")
    }
  }

  func testFlippedBitsNeverTrap() throws {
    let whole = try contents(fixture("reference.safetensors"))
    let header = 8 + Int(UInt64(littleEndian: whole.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }))
    var random = RandomStream(seed: 1)
    for _ in 0..<3000 {
      var damaged = whole
      for _ in 0...random.next(below: 3) { damaged[random.next(below: header)] ^= 1 << UInt8(random.next(below: 8)) }
      succeedsOrFails {
        let opened = try open(damaged)
        for entry in opened.entries { XCTAssertEqual(try opened.bytes(of: entry).count, entry.byteCount) }
      }
    }
  }
}
