import Reports
import XCTest

final class HistogramBinsTests: XCTestCase {
  func testSharesAreThoseOfTheSample() throws {
    let bins = try XCTUnwrap(HistogramBins([0, 1, 2, 3, 4], about: 4))
    XCTAssertEqual([bins.start, bins.width, Double(bins.count)], [0, 1, 5])
    XCTAssertEqual(bins.percentages(of: [0, 0.5, 3, 4]), [50, 0, 0, 25, 25])
    XCTAssertEqual(bins.percentages(of: [.nan, 1, .infinity]), [0, 100, 0, 0, 0])
    XCTAssertEqual(bins.percentages(of: []), [0, 0, 0, 0, 0])
  }

  func testAConstantStandsBetweenEmptyBins() throws {
    for constant in [0, 1, -2.5, 1e99] {
      let bins = try XCTUnwrap(HistogramBins([constant, constant]))
      XCTAssertEqual(bins.count, 3)
      XCTAssertEqual(bins.percentages(of: [constant]), [0, 100, 0], "\(constant)")
    }
  }

  func testNoFiniteValueGivesNoBins() {
    XCTAssertNil(HistogramBins([]))
    XCTAssertNil(HistogramBins([.nan, .infinity]))
  }
}
