import Checkpoints
import XCTest

final class FloatEncodingTests: XCTestCase {
  func testRoundsAsPyTorchDoes() throws {
    let file = try SafetensorsFile(path: fixture("dequantization.safetensors"))
    let source = try file.bytes(of: XCTUnwrap(file.entry(named: "numbers")))
    let numbers = (0..<source.count / 4).map { source.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    for (type, name) in [(ElementType.bfloat16, "bfloat16"), (.float16, "float16")] {
      let expected = try file.bytes(of: XCTUnwrap(file.entry(named: "numbers.\(name)")))
      XCTAssertEqual(encoded(numbers, type), Array(expected), name)
    }
    XCTAssertEqual(encoded(numbers, .float32), Array(source))
  }

  func testNotANumberStaysSo() {
    let bytes = encoded([.nan, Float(bitPattern: 0x7F80_0001), Float(bitPattern: 0xFFFF_FFFF)], .bfloat16)
    for index in 0..<3 {
      let bits = UInt32(bytes[index * 2]) << 16 | UInt32(bytes[index * 2 + 1]) << 24
      XCTAssertTrue(Float(bitPattern: bits).isNaN)
    }
  }

  private func encoded(_ numbers: [Float], _ type: ElementType) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: numbers.count * type.byteWidth)
    bytes.withUnsafeMutableBytes { buffer in
      numbers.withUnsafeBufferPointer { numbers in
        if let start = buffer.baseAddress { FloatEncoding.encode(numbers, as: type, into: start) }
      }
    }
    return bytes
  }
}
