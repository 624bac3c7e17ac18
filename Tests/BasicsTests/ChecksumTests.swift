import Basics
import XCTest

final class ChecksumTests: XCTestCase {
  private func digits(_ bytes: [UInt8]) -> String {
    var checksum = Checksum()
    bytes.withUnsafeBytes { checksum.update($0) }
    return checksum.digits
  }

  func testEveryBitOfEveryLengthCounts() {
    for count in 1..<20 {
      let bytes = (0..<count).map { UInt8($0 * 37 % 251) }
      let whole = digits(bytes)
      XCTAssertEqual(whole, digits(bytes))
      XCTAssertNotEqual(whole, digits(bytes + [0]))
      for bit in 0..<count * 8 {
        var other = bytes
        other[bit / 8] ^= 1 << UInt8(bit % 8)
        XCTAssertNotEqual(whole, digits(other), "bit \(bit) of \(count) bytes")
      }
    }
  }
}
