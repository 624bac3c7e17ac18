import Checkpoints
import XCTest

final class FloatEncodingTests: CheckpointTestCase {
  func testRoundsAsTheReference() throws {
    let file = try SafetensorsFile(path: fixture("dequantization.safetensors"))
    let source = try file.bytes(of: XCTUnwrap(file.entry(named: "numbers")))
    let numbers = (0..<source.count / 4).map { source.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    for (type, name) in [
      (ElementType.bfloat16, "numbers.bfloat16"), (.float16, "numbers.float16"), (.float32, "numbers"),
    ] {
      let expected = try file.bytes(of: XCTUnwrap(file.entry(named: name)))
      XCTAssertEqual(encode(numbers, type), Array(expected), name)
    }
  }

  func testNaNStaysNaN() {
    let numbers = [Float(bitPattern: 0x7FFF_FFFF), Float(bitPattern: 0x7F80_0001), Float(bitPattern: 0xFFFF_FFFF)]
    let encoded = encode(numbers, .bfloat16)
    for index in numbers.indices {
      let bits = UInt32(encoded[index * 2]) << 16 | UInt32(encoded[index * 2 + 1]) << 24
      XCTAssertTrue(Float(bitPattern: bits).isNaN, "\(index)")
    }
  }

  private func encode(_ numbers: [Float], _ type: ElementType) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: numbers.count * type.byteWidth)
    numbers.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBytes { target in
        guard let start = target.baseAddress else { return XCTFail("no memory") }
        FloatEncoding.encode(source, as: type, into: start)
      }
    }
    return result
  }
}
