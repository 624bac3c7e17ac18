import Evaluation
import XCTest

final class MemorizationTests: XCTestCase {
  func testExactMemorizationIsTheShareOfRightTokens() {
    XCTAssertEqual(ExactMemorization.score(predictions: [1, 2, 3, 4], labels: [1, 9, 3, 9]), 0.5)
    XCTAssertNil(ExactMemorization.score(predictions: [], labels: []))
  }

  func testExtractionStrengthCountsTheSuffixThatIsAllRight() throws {
    XCTAssertEqual(ExtractionStrength.score(predictions: [1, 2, 3], labels: [1, 2, 3]), 1)
    XCTAssertEqual(ExtractionStrength.score(predictions: [1, 0, 3, 4], labels: [1, 2, 3, 4]), 0.5)
    XCTAssertEqual(try XCTUnwrap(ExtractionStrength.score(predictions: [0, 2], labels: [1, 2])), 0.5)
    XCTAssertNil(ExtractionStrength.score(predictions: [1], labels: []))
  }

  func testExtractionStrengthOfARowThatNeverMatchesIsOneOverN() throws {
    let score = try XCTUnwrap(ExtractionStrength.score(predictions: [0, 0, 0, 0], labels: [1, 1, 1, 1]))
    XCTAssertEqual(score, 0.25)
  }
}
