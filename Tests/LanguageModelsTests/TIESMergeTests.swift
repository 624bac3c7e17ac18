import Basics
import Foundation
import LanguageModels
import XCTest

final class TIESMergeTests: XCTestCase {
  func testEqualsPEFT() throws {
    let path = try XCTUnwrap(Bundle.module.resourceURL).appendingPathComponent("Fixtures/ties.json").path
    let cases = try XCTUnwrap(JSONParser.parse(file: path).arrayValue)
    XCTAssertEqual(cases.count, 3)
    for value in cases {
      let object = try XCTUnwrap(value.objectValue)
      func numbers(_ value: JSONValue?) -> [Double] { value?.arrayValue?.compactMap(\.doubleValue) ?? [] }
      let deltas = try XCTUnwrap(object["deltas"]?.arrayValue).map { numbers($0).map(Float.init) }
      let merged = TIESMerge.merge(
        deltas, weights: numbers(object["weights"]), density: try XCTUnwrap(object["density"]?.doubleValue))
      let expected = numbers(object["merged"])
      XCTAssertEqual(merged.count, expected.count)
      for (found, wanted) in zip(merged, expected) { XCTAssertEqual(Double(found), wanted, accuracy: 1e-6) }
    }
  }

  func testKeepsExactlyTheLargestAlsoAmongEqualNumbers() {
    let merged = TIESMerge.merge([[1, -1, 1, 3, -2, 0]], weights: [1], density: 0.5)
    XCTAssertEqual(merged, [1, 0, 0, 3, -2, 0])
  }

  func testRefusesWhatIsNoShare() {
    for density in [0, -0.1, 1.1, .nan] {
      XCTAssertThrowsError(try TIESMerge([], weights: [], density: density))
    }
    XCTAssertThrowsError(try TIESMerge([], weights: [1], density: 0.5))
  }
}
