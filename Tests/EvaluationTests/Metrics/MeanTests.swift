import Basics
import Evaluation
import XCTest

final class MeanTests: XCTestCase {
  func testMeansEqualPythonsToTheLastBit() throws {
    for entry in try XCTUnwrap(Fixture.json("statistics.json")["means"]?.arrayValue) {
      let fields = try XCTUnwrap(entry.arrayValue)
      let values = try numbers(fields[0])
      XCTAssertEqual(HarmonicMean.of(values), try XCTUnwrap(fields[1].doubleValue), "\(values)")
      XCTAssertEqual(Mean.exact(values), try XCTUnwrap(fields[2].doubleValue), "\(values)")
    }
  }

  func testOneZeroIsZeroEvenBesideAMissingValue() {
    XCTAssertEqual(HarmonicMean.of([0.5, 0, 1]), 0)
    XCTAssertEqual(HarmonicMean.of([.nan, 0]), 0)
  }

  func testMissingNegativeOrNoValuesAreUndefined() {
    XCTAssertTrue(HarmonicMean.of([0.5, .nan]).isNaN)
    XCTAssertTrue(HarmonicMean.of([0.5, -1]).isNaN)
    XCTAssertTrue(HarmonicMean.of([Double]()).isNaN)
    XCTAssertTrue(Mean.of([Double]()).isNaN)
  }
}
