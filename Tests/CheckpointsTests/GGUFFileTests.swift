import Basics
import Checkpoints
import XCTest

final class GGUFFileTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws { folder = try temporaryFolder(self) }

  private func open(_ bytes: [UInt8]) throws -> GGUFFile {
    let path = "\(folder)/x.gguf"
    try write(bytes, to: path)
    return try GGUFFile(path: path)
  }

  private func open(_ change: (inout GGUFBuilder) -> Void) throws -> GGUFFile {
    var builder = GGUFBuilder.llama()
    change(&builder)
    return try open(builder.bytes)
  }

  func testReadsMetadataAndTensors() throws {
    let file = try GGUFFile(path: fixture("olmo.gguf"))
    XCTAssertEqual(file.version, 3)
    XCTAssertEqual(try file.string("general.architecture"), "olmo")
    XCTAssertEqual(try file.int("olmo.block_count"), 2)
    XCTAssertEqual(try file.double("olmo.attention.clamp_kqv"), 8)
    XCTAssertEqual(try file.strings("tokenizer.ggml.tokens")?.prefix(2), ["<|endoftext|>", "<|im_start|>"])
    XCTAssertEqual(try file.ints("tokenizer.ggml.token_type")?.prefix(6), [3, 3, 3, 4, 4, 1])
    XCTAssertNil(try file.string("absent"))
    guard case .array(let nested) = file.metadata["test.nested"] else { return XCTFail("expected a nested array") }
    XCTAssertEqual(nested.elementType, .array)
    XCTAssertEqual(nested.count, 2)
    let tensor = try XCTUnwrap(file.tensor(named: "blk.1.ffn_down.weight"))
    XCTAssertEqual(tensor.shape, [64, 96])
    XCTAssertEqual(tensor.type, .f16)
    XCTAssertEqual(try file.bytes(of: tensor).count, 64 * 96 * 2)
  }

  func testEveryKindOfValue() throws {
    let file = try open {
      $0.metadata += [
        ("u8", .raw(0, [200])), ("i8", .raw(1, [200])), ("u16", .raw(2, [1, 2])), ("i16", .raw(3, [0, 255])),
        ("u64", .raw(10, [UInt8](UInt64.max))), ("i64", .raw(11, [UInt8](Int64.min))),
        ("f64", .raw(12, [UInt8](Double(0.1).bitPattern))), ("yes", .bool(true)), ("nan", .float32(.nan)),
      ]
    }
    XCTAssertEqual(file.metadata["u8"], .integer(200))
    XCTAssertEqual(file.metadata["i8"], .integer(-56))
    XCTAssertEqual(file.metadata["u16"], .integer(513))
    XCTAssertEqual(file.metadata["i16"], .integer(-256))
    XCTAssertEqual(file.metadata["u64"], .unsigned(.max))
    XCTAssertEqual(file.metadata["i64"], .integer(.min))
    XCTAssertEqual(file.metadata["f64"], .float(0.1))
    XCTAssertEqual(try file.bool("yes"), true)
    assertFailure(.badData, "'yes'", "expected a string", "a boolean") { try file.string("yes") }
    assertFailure(.badData, "'u64'", "more than 63 bits") { try file.int("u64") }
    assertFailure(.badData, "'nan'", "finite") { try file.double("nan") }
    assertFailure(.badData, "'tokenizer.ggml.tokens'", "array of integers") { try file.ints("tokenizer.ggml.tokens") }
  }

  func testVersionTwoIsReadOthersAreNot() throws {
    XCTAssertEqual(try open { $0.version = 2 }.version, 2)
    assertFailure(.badData, "x.gguf", "version 2 or 3", "version 1") { try open { $0.version = 1 } }
    assertFailure(.badData, "version 4") { try open { $0.version = 4 } }
    assertFailure(.badData, "big-endian") { try open { $0.version = 0x0300_0000 } }
    assertFailure(.badData, "another kind") { try open(Array("GGJT".utf8) + Array(repeating: 0, count: 64)) }
    assertFailure(.badData, "ends at byte 0") { try open([UInt8]()) }
  }

  func testHugeCountsFailAtOnce() throws {
    let huge = UInt64(1) << 60
    let start = ContinuousClock.now
    assertFailure(.badData, "number of tensors", "\(huge)") { try open { $0.tensorCount = huge } }
    assertFailure(.badData, "metadata values", "\(huge)") { try open { $0.metadataCount = huge } }
    for type in [UInt32(0), 8, 9, 12] {
      let array = [UInt8](type) + [UInt8](huge)
      assertFailure(.badData, "'big'", "\(huge)") { try open { $0.metadata.append(("big", .raw(9, array))) } }
    }
    assertFailure(.badData, "'big'") { try open { $0.metadata.append(("big", .raw(8, [UInt8](huge)))) } }
    XCTAssertLessThan(ContinuousClock.now - start, .milliseconds(300))
  }

  func testRefusesBadMetadata() throws {
    assertFailure(.badData, "'k'", "0 to 12", "13") { try open { $0.metadata.append(("k", .raw(13, []))) } }
    assertFailure(.badData, "'k'", "0 or 1") { try open { $0.metadata.append(("k", .raw(7, [2]))) } }
    assertFailure(.badData, "'k'", "appears twice") {
      try open { $0.metadata += [("k", .bool(true)), ("k", .bool(true))] }
    }
    assertFailure(.badData, "UTF-8") { try open { $0.metadata.append(("k", .raw(8, [UInt8](UInt64(1)) + [0xFF]))) } }
    let key = String(repeating: "k", count: 65_536)
    assertFailure(.badData, "65535") { try open { $0.metadata.append((key, .bool(true))) } }
    let nested = (0..<5).reduce([UInt8](UInt32(0)) + [UInt8](UInt64(0))) { inner, _ in
      [UInt8](UInt32(9)) + [UInt8](UInt64(1)) + inner
    }
    assertFailure(.badData, "'k'", "nest deeper") { try open { $0.metadata.append(("k", .raw(9, nested))) } }
    for value in [GGUFBuilder.Value.uint32(0), .uint32(24), .uint32(1 << 31), .bool(true)] {
      assertFailure(.badData, "general.alignment", "power of two") { try open { $0.set("general.alignment", value) } }
    }
  }

  func testAlignment() throws {
    let file = try open {
      $0.alignment = 64
      $0.set("general.alignment", .uint32(64))
    }
    XCTAssertTrue(file.tensors.allSatisfy { $0.byteRange.lowerBound % 64 == 0 })
    assertFailure(.badData, "blk.0.attn_q.weight", "multiple of 64") {
      try open { $0.set("general.alignment", .uint32(64)) }
    }
  }

  func testRefusesBadTensors() throws {
    func changed(_ words: String..., line: UInt = #line, _ change: @escaping (inout GGUFBuilder.Tensor) -> Void) {
      do {
        _ = try open { change(&$0.tensors[2]) }
        XCTFail("expected a failure", line: line)
      } catch {
        for word in words { XCTAssertTrue("\(error)".contains(word), "\(word): \(error)", line: line) }
      }
    }
    changed("blk.0.attn_q.weight", "1 to 4 dimensions", "found 0") { $0.sizes = [] }
    changed("1 to 4 dimensions", "found 5") { $0.sizes = [1, 1, 1, 1, 16] }
    changed("positive sizes") { $0.sizes = [4, 0] }
    changed("positive sizes") { $0.sizes = [4, .max] }
    changed("overflows") { $0.sizes = [1 << 40, 1 << 40] }
    changed("overflows") { $0.sizes = [1 << 62] }
    changed("bytes of tensors") { $0.sizes = [4, 1 << 40] }
    changed("bytes of tensors") { $0.offset = 1 << 20 }
    changed("bytes of tensors") { $0.offset = .max - 31 }
    changed("multiple of 32") { $0.offset = 33 }
    changed("overlaps") { $0.offset = 0 }
    changed("F32", "Q2_K") { $0.type = 10 }
    changed("number 99") { $0.type = 99 }
    changed("multiple of 32 elements", "Q8_0") { $0.type = 8 }
    changed("appears twice") { $0.name = "token_embd.weight" }
    let other = try GGUFFile(path: fixture("llama.gguf"))
    let file = try open { _ in }
    assertFailure(.fault, "not from this file") { try file.bytes(of: other.tensors[0]) }
  }

  func testEveryTruncationIsRefused() throws {
    let builder = GGUFBuilder.llama()
    let whole = builder.bytes
    // The padding behind the last tensor may be missing.
    let end = whole.count - 16
    XCTAssertNoThrow(try open(Array(whole.prefix(end))))
    for count in 0..<end {
      XCTAssertFalse(succeedsOrFails { _ = try open(Array(whole.prefix(count))) }, "\(count) bytes")
    }
  }

  func testFlippedBitsNeverTrap() throws {
    let builder = GGUFBuilder.llama()
    let (whole, header) = (builder.bytes, builder.header.count)
    var random = RandomStream(seed: 2)
    for round in 0..<4000 {
      var damaged = whole
      for _ in 0...random.next(below: 3) { damaged[random.next(below: header)] ^= 1 << UInt8(random.next(below: 8)) }
      succeedsOrFails {
        _ = try open(damaged)
        if round % 8 == 0 {
          try GGUFConversion.convert(gguf: "\(folder)/x.gguf", to: "\(folder)/out-\(round)")
        }
      }
    }
  }
}
