import Basics
import Evaluation
import XCTest

final class AreaUnderCurveTests: XCTestCase {
  func testEqualsScikitLearn() throws {
    let cases = try XCTUnwrap(Fixture.json("statistics.json")["curves"]?.arrayValue)
    XCTAssertEqual(cases.count, 120)
    for entry in cases {
      let fields = try XCTUnwrap(entry.arrayValue)
      let area = try AreaUnderCurve.of(positive: numbers(fields[0]), negative: numbers(fields[1]))
      XCTAssertEqual(area, try XCTUnwrap(fields[2].doubleValue), accuracy: 1e-12)
    }
  }

  func testTiesCountAHalf() throws {
    XCTAssertEqual(try AreaUnderCurve.of(positive: [1, 1], negative: [1, 0]), 0.75)
  }

  func testRefusesWhatHasNoCurve() {
    XCTAssertThrowsError(try AreaUnderCurve.of(positive: [], negative: [1]))
    XCTAssertThrowsError(try AreaUnderCurve.of(positive: [1], negative: [.nan])) {
      XCTAssertTrue("\($0)".contains("negative[0]"))
    }
  }
}
