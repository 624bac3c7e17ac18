import Evaluation
import XCTest

final class MembershipScoreTests: XCTestCase {
  private let logProbabilities = [-1.0, -4, -2, -3, -0.5]

  func testLossFamily() {
    XCTAssertEqual(MembershipScore.loss(logProbabilities), 2.1, accuracy: 1e-15)
    XCTAssertEqual(MembershipScore.zlib(loss: 3, compressedBytes: 12), 0.25)
    XCTAssertEqual(MembershipScore.reference(loss: 3, referenceLoss: 2.5), 0.5)
  }

  func testMinKTakesTheLeastLikelyTokens() {
    XCTAssertEqual(MembershipScore.minK(logProbabilities, fraction: 0.4), 3.5)
    XCTAssertEqual(MembershipScore.minK(logProbabilities, fraction: 0.01), 4)
    XCTAssertEqual(MembershipScore.minK(logProbabilities, fraction: 7), 2.1, accuracy: 1e-15)
    XCTAssertTrue(MembershipScore.minK([], fraction: 0.4).isNaN)
  }

  func testMinKPlusPlusStandardisesEveryToken() {
    let score = MembershipScore.minKPlusPlus(
      [-3, -1], means: [-1, -1], variances: [4, 0], fraction: 0.5)
    XCTAssertEqual(score, 1)
  }

  func testPrivLeakIsZeroAtTheRetrainedModel() {
    XCTAssertEqual(PrivLeak.value(areaUnderCurve: 0.4, retrained: 0.4), 0)
    XCTAssertEqual(PrivLeak.value(areaUnderCurve: 0.75, retrained: 0.5), -50, accuracy: 1e-6)
  }
}
