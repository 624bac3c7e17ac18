import Foundation
import LanguageModels
import Unlearning
import XCTest

final class RetainPriorTests: XCTestCase {
  private func document(_ ids: [Int]) -> Sample { Sample(id: "d", inputIDs: ids, labels: ids) }

  private func probabilities(_ row: Sample, _ retain: [[Int]], length: Int) -> [Double] {
    RetainPrior(length: length, retain: retain.map(document), vocabulary: 10).probabilities(of: row)
  }

  private func assertEqual(_ found: [Double], _ wanted: [Double], line: UInt = #line) {
    XCTAssertEqual(found.count, wanted.count, line: line)
    for (one, other) in zip(found, wanted) { XCTAssertEqual(one, other, accuracy: 1e-12, line: line) }
  }

  /// By hand: of 2, 3, 2, 4 without context, smoothed with a tenth; then after 1 and after 2.
  func testInterpolatesWithShorterContexts() {
    let retain = [[1, 2, 3], [1, 2, 4]]
    let two = (2 + 3 * 0.1) / 7
    let three = (1 + 3 * 0.1) / 7
    assertEqual(probabilities(document([1, 2, 3]), retain, length: 1), [(2 + two) / 3, (1 + 2 * three) / 4])
    // After 9 nothing is known; a token that no row has is one of the vocabulary.
    assertEqual(probabilities(document([9, 2, 8]), retain, length: 1), [two, 2 * (3 * 0.1 / 7) / 4])
  }

  func testARowCountsOnceHoweverOftenItSaysIt() {
    // Without context 2, 5, 1 of the first row and 3 of the second; after 1 one of each.
    let two = (1 + 4 * 0.1) / 8
    assertEqual(
      probabilities(document([1, 2]), [[1, 2, 5, 1, 2, 5, 1, 2], [1, 3]], length: 1), [(1 + 2 * two) / 4])
  }

  func testARepetitionOfTwoTokensInTheRowIsTold() {
    let row = document([5, 6, 7, 9, 5, 6, 7])
    let found = probabilities(row, [[1, 2]], length: 2)
    // The second 7 follows 5 6 as the first did; the second 6 follows a single 5, which tells nothing.
    XCTAssertGreaterThan(found[5], 0.5)
    XCTAssertLessThan(found[4], 0.1)
    XCTAssertLessThan(found[1], 0.1)
  }

  func testThePromptIsContextAndGivesNoLabel() {
    let answer = Sample(id: "a", inputIDs: [1, 2, 3], labels: [-100, -100, 3])
    let all = probabilities(document([1, 2, 3]), [[1, 2, 3]], length: 2)
    assertEqual(probabilities(answer, [[1, 2, 3]], length: 2), [all[1]])
    let prior = RetainPrior(length: 2, retain: [document([1, 2, 3])], vocabulary: 10)
    XCTAssertEqual(prior.surprise(of: answer), -log(all[1]), accuracy: 1e-12)
    XCTAssertEqual(prior.surprise(of: document([1])), 0)
  }

  private func standing(
    _ bound: ForgetBound, _ row: Sample, _ losses: [Double], _ prior: [Double]? = nil
  ) -> ForgetBound.Standing {
    bound.standing(
      of: row, losses: losses, bounds: bound.ofLabels(row, count: losses.count, prior: prior), prior: prior)
  }

  /// A document that the retain set tells half as badly as the unseen ones has half their bound.
  func testTheBoundOfADocumentFollowsItsSurprise() {
    let row = document([1, 2, 3])
    var bound = ForgetBound(limit: nil, unseenLoss: 4)
    bound.unseenSurprise = 2 * log(10)
    XCTAssertEqual(standing(bound, row, [1.8, 1.8], [0.1, 0.1]), .known)
    XCTAssertEqual(standing(bound, row, [2, 2], [0.1, 0.1]), .forgotten)
    XCTAssertEqual(standing(bound, row, [2.2, 2.2], [0.1, 0.1]), .beyond)
    XCTAssertEqual(standing(bound, row, [2.2, 2.2]), .known)
  }

  /// What the retain set tells anyway does not hold an answer back from its bound.
  func testTheBoundOfAnAnswerIsOfWhatItAloneTells() {
    let row = Sample(id: "a", inputIDs: [1, 2, 3], labels: [-100, 2, 3])
    let bound = ForgetBound(limit: 4)
    XCTAssertEqual(standing(bound, row, [5, 0]), .known)
    XCTAssertEqual(standing(bound, row, [5, 0], [0.01, 0.99]), .forgotten)
    XCTAssertEqual(standing(bound, row, [3, 9], [0.01, 0.99]), .known)
  }

  func testTheBoundOfALabelFollowsItsSurprise() {
    let (document, answer) = (document([1, 2]), Sample(id: "a", inputIDs: [1, 2, 3, 4], labels: [-100, -100, 3, 4]))
    XCTAssertEqual(ForgetBound(limit: nil).ofLabels(document, count: 1), [.infinity])
    XCTAssertEqual(ForgetBound(limit: 4).ofLabels(answer, count: 2, prior: [0.1, 0.2]), [4, 4])
    var bound = ForgetBound(limit: 4, unseenLoss: 3)
    XCTAssertEqual(bound.ofLabels(document, count: 1), [3])
    XCTAssertEqual(bound.ofLabels(answer, count: 2), [4, 4])
    bound.unseenSurprise = log(1000)
    assertEqual(bound.ofLabels(answer, count: 2, prior: [0.1, 0.01]), [1, 2])
  }
}
