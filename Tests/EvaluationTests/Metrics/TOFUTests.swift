import Basics
import Evaluation
import Foundation
import XCTest

final class TOFUTests: XCTestCase {
  func testProbabilityAndShare() {
    XCTAssertEqual(AnswerProbability.value(meanLoss: log(4)), 0.25, accuracy: 1e-15)
    let share = AnswerProbability.share(correctLoss: log(2), wrongLosses: [log(4), log(8)])
    XCTAssertEqual(share, 0.5 / (0.5 + 0.25 + 0.125 + 1e-10), accuracy: 1e-15)
  }

  func testTruthRatioUsesTheGeometricMeanOfTheWrongAnswers() {
    let ratio = TruthRatio.value(answerLoss: log(2), perturbedLosses: [log(4), log(16)])
    XCTAssertEqual(ratio, 0.125 / (0.5 + 1e-10), accuracy: 1e-15)
    XCTAssertTrue(TruthRatio.value(answerLoss: 1, perturbedLosses: []).isNaN)
  }

  func testTruthRatioAggregates() {
    XCTAssertEqual(TruthRatio.forgetAggregate([0.25, 4]), (0.25 + 1 / (4 + 1e-10)) / 2, accuracy: 1e-15)
    XCTAssertEqual(TruthRatio.utilityAggregate([0.25, 4]), 0.375, accuracy: 1e-15)
  }

  func testModelUtilityIsTheHarmonicMeanOfNine() {
    let half = ModelUtility.Scores(probability: 0.5, rouge: 0.5, truthRatio: 0.5)
    var quarter = half
    quarter.rouge = 0.25
    let utility = ModelUtility(retain: half, realAuthors: half, worldFacts: quarter)
    XCTAssertEqual(utility.value, 9.0 / (8 * 2 + 4), accuracy: 1e-15)
    quarter.rouge = 0
    XCTAssertEqual(ModelUtility(retain: half, realAuthors: quarter, worldFacts: half).value, 0)
  }

  func testForgetQualityNeedsARetainModel() throws {
    XCTAssertEqual(try ForgetQuality.value(unlearned: [1, 2], retained: [2, 1]), 1)
    XCTAssertThrowsError(try ForgetQuality.value(unlearned: [1, 2], retained: nil)) {
      XCTAssertEqual(($0 as? Failure)?.kind, .missingInput)
    }
  }
}
