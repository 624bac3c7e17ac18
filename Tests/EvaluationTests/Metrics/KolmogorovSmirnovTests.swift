import Basics
import Evaluation
import Foundation
import XCTest

final class KolmogorovSmirnovTests: XCTestCase {
  private func check(_ test: KolmogorovSmirnov, _ statistic: Double, _ pValue: Double, _ label: String) {
    XCTAssertEqual(test.statistic, statistic, accuracy: 1e-15, label)
    XCTAssertEqual(test.pValue, pValue, accuracy: 1e-12 * pValue, label)
  }

  func testRandomSamplesEqualSciPy() throws {
    let cases = try XCTUnwrap(Fixture.json("statistics.json")["tests"]?.arrayValue)
    XCTAssertEqual(cases.count, 300)
    for (index, entry) in cases.enumerated() {
      let fields = try XCTUnwrap(entry.arrayValue)
      let test = try KolmogorovSmirnov(numbers(fields[0]), numbers(fields[1]))
      check(test, try XCTUnwrap(fields[2].doubleValue), try XCTUnwrap(fields[3].doubleValue), "case \(index)")
    }
  }

  func testLargeSamplesAndFloorsEqualSciPy() throws {
    for entry in try XCTUnwrap(Fixture.json("statistics.json")["ramps"]?.arrayValue) {
      let fields = try numbers(entry)
      let first = (0..<Int(fields[0])).map { Double($0) }
      let second = (0..<Int(fields[1])).map { fields[2] + Double($0) * fields[3] }
      check(try KolmogorovSmirnov(first, second), fields[4], fields[5], "\(fields.prefix(4))")
    }
  }

  func testFloorIsTwoOverTheNumberOfMergedOrders() throws {
    for count in [200, 400] {
      let low = (0..<count).map { Double($0) }
      let test = try KolmogorovSmirnov(low, low.map { $0 + 1e6 })
      let logarithm = log(2) + 2 * lgamma(Double(count) + 1) - lgamma(2 * Double(count) + 1)
      XCTAssertEqual(test.statistic, 1)
      XCTAssertEqual(log(test.pValue), logarithm, accuracy: 1e-9)
    }
  }

  func testEqualSamplesAreNoEvidence() throws {
    XCTAssertEqual(try KolmogorovSmirnov([1, 2, 2], [2, 1, 2]).pValue, 1)
  }

  func testRefusesEmptyHugeAndMissingValues() {
    XCTAssertThrowsError(try KolmogorovSmirnov([], [1]))
    XCTAssertThrowsError(try KolmogorovSmirnov([1], [.nan]))
    XCTAssertThrowsError(try KolmogorovSmirnov([1], [Double](repeating: 0, count: 10_001)))
  }
}
