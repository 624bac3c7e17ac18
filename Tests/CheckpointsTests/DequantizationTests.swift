import Checkpoints
import XCTest

final class DequantizationTests: XCTestCase {
  func testEqualsTheReferenceBitForBit() throws {
    let file = try SafetensorsFile(path: fixture("dequantization.safetensors"))
    for type in GGMLType.allCases {
      let blocks = try file.bytes(of: XCTUnwrap(file.entry(named: "\(type).blocks")))
      let expected = try file.bytes(of: XCTUnwrap(file.entry(named: "\(type).expected")))
      XCTAssertEqual(expected.count, 2048 * 4)
      var numbers = [Float](repeating: .nan, count: 2048)
      let source = try XCTUnwrap(blocks.baseAddress)
      try numbers.withUnsafeMutableBufferPointer { buffer in
        Dequantization.expand(type, source, count: 2048, into: try XCTUnwrap(buffer.baseAddress))
      }
      for (index, number) in numbers.enumerated() {
        let bits = expected.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
        guard number.bitPattern == bits else {
          XCTFail("\(type) \(index): \(number), expected \(Float(bitPattern: bits))")
          break
        }
      }
    }
  }
}
