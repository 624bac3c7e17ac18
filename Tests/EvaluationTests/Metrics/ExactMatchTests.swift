import Evaluation
import XCTest

final class ExactMatchTests: XCTestCase {
  func testWhiteSpaceAndCaseDoNotCount() {
    XCTAssertEqual(ExactMatch.score(target: "\u{1C} Straße İ\n", prediction: "straße i\u{307}"), 1)
    XCTAssertTrue(ExactMatch.matches(target: "ΟΔΟΣ", prediction: "οδος"))
  }

  func testEverythingElseCounts() {
    XCTAssertEqual(ExactMatch.score(target: "a b", prediction: "a  b"), 0)
    XCTAssertFalse(ExactMatch.matches(target: "ΟΔΟΣ", prediction: "οδοσ"))
    XCTAssertFalse(ExactMatch.matches(target: "é", prediction: "e\u{301}"), "canonically equal, yet other code points")
    XCTAssertFalse(ExactMatch.matches(target: "\u{200B}a", prediction: "a"))
  }
}
