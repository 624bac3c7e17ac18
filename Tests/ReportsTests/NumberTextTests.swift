import Reports
import XCTest

final class NumberTextTests: XCTestCase {
  func testGrouping() {
    XCTAssertEqual([0, 999, 1000, -1_234_567].map(NumberText.grouped), ["0", "999", "1,000", "−1,234,567"])
    XCTAssertEqual(NumberText.grouped(.min), "−9,223,372,036,854,775,808")
  }

  func testDecimals() {
    XCTAssertEqual(NumberText.decimal(0.1234), "0.123")
    XCTAssertEqual(NumberText.decimal(-0.5), "−0.500")
    XCTAssertEqual(NumberText.decimal(1.06e-239), "1.1×10⁻²³⁹")
    XCTAssertEqual(NumberText.decimal(1e9), "10⁹")
    XCTAssertEqual(NumberText.decimal(.nan), "undefined")
    XCTAssertEqual(NumberText.decimal(-.infinity), "−∞")
    XCTAssertEqual(NumberText.decimal(nil), "–")
    XCTAssertEqual(
      [0.25, -0.25, 0, 0.004].map { NumberText.signed($0, digits: 2) }, ["+0.25", "−0.25", "0.00", "0.00"])
  }

  func testUnits() {
    XCTAssertEqual(
      [0.4, 42, 743, 11_160].map(NumberText.duration), ["0.4 seconds", "42 seconds", "12.4 minutes", "3.1 hours"])
    XCTAssertEqual([12, 2048, 6_871_947_674].map(NumberText.bytes), ["12 bytes", "2.0 KiB", "6.4 GiB"])
    XCTAssertEqual(NumberText.duration(.nan), "–")
  }

  func testCoordinatesAreAlwaysNumbers() {
    XCTAssertEqual(
      [0, 1, 12.345, -0.04, -3.25, .nan, .infinity, 1e300].map(SVGValue.coordinate),
      ["0", "1", "12.3", "0", "-3.3", "0", "0", "100000"])
  }
}
