import Evaluation
import XCTest

/// Sizes that Python's `len(zlib.compress(text.encode()))` gives; short texts, on which the versions of zlib agree.
final class CompressedSizeTests: XCTestCase {
  func testSizesEqualPythons() throws {
    XCTAssertEqual(try CompressedSize.zlib(""), 8)
    XCTAssertEqual(try CompressedSize.zlib("a"), 9)
    XCTAssertEqual(try CompressedSize.zlib("naïve 中文"), 22)
    XCTAssertEqual(try CompressedSize.zlib(String(repeating: "the cat sat. ", count: 40)), 26)
  }
}
