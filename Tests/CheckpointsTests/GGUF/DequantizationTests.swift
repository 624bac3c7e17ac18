import Checkpoints
import XCTest

final class DequantizationTests: CheckpointTestCase {
  func testEveryTypeEqualsTheReferenceBitForBit() throws {
    let file = try SafetensorsFile(path: fixture("dequantization.safetensors"))
    for type in GGMLType.allCases {
      let blocks = try file.bytes(of: XCTUnwrap(file.entry(named: "\(type).blocks"), "\(type)"))
      let expected = try file.bytes(of: XCTUnwrap(file.entry(named: "\(type).expected"), "\(type)"))
      let count = expected.count / 4
      XCTAssertEqual(blocks.count, count / type.blockSize * type.blockByteCount)
      var numbers = [Float](repeating: .nan, count: count)
      // Blocks begin at odd addresses too.
      let shifted = [0] + Array(blocks)
      shifted.withUnsafeBytes { source in
        numbers.withUnsafeMutableBufferPointer { target in
          guard let source = source.baseAddress, let target = target.baseAddress else { return XCTFail("no memory") }
          Dequantization.expand(type, source + 1, count: count, into: target)
        }
      }
      XCTAssertEqual(numbers.withUnsafeBytes { Array($0) }, Array(expected), "\(type)")
    }
  }
}
