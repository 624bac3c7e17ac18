import LanguageModels
import Unlearning
import XCTest

final class SharedContextTests: XCTestCase {
  private func document(_ ids: [Int]) -> Sample { Sample(id: "d", inputIDs: ids, labels: ids) }

  private func labels(_ ids: [Int], _ retain: [[Int]], length: Int) -> [Int] {
    SharedContext(length: length, retain: retain.map(document)).withoutShared(document(ids)).labels
  }

  func testWhatThreeRowsSayIsLeftOut() {
    // After 1 2 comes 3 in all of them; after 2 alone as well. What comes next differs.
    let retain = [[1, 2, 3, 10], [1, 2, 3, 11], [1, 2, 3, 12]]
    XCTAssertEqual(labels([1, 2, 3, 10], retain, length: 2), [1, -100, -100, 10])
    XCTAssertEqual(labels([7, 2, 3, 10], retain, length: 1), [7, 2, -100, 10])
  }

  func testTwoRowsOrARepetitionInOneAreNotEnough() {
    XCTAssertEqual(labels([1, 2, 7], [[1, 2], [1, 2]], length: 1), [1, 2, 7])
    XCTAssertEqual(labels([1, 2, 7], [[1, 2, 1, 2, 1, 2, 1, 2]], length: 1), [1, 2, 7])
  }

  func testRowsThatSayOtherwiseOutvote() {
    let agreeing = [[1, 2], [1, 2], [1, 2]]
    XCTAssertEqual(labels([1, 2, 7], agreeing + [[1, 3], [1, 4]], length: 1), [1, -100, 7])
    XCTAssertEqual(labels([1, 2, 7], agreeing + [[1, 3], [1, 4], [1, 5]], length: 1), [1, 2, 7])
  }

  /// A label that its last token does not tell may follow from more of them.
  func testLongerContextsCount() {
    let retain = [[8, 1, 2], [8, 1, 2], [8, 1, 2], [9, 1, 3], [9, 1, 4], [9, 1, 5], [9, 1, 6]]
    XCTAssertEqual(labels([8, 1, 2, 7], retain, length: 1), [8, -100, 2, 7])
    XCTAssertEqual(labels([8, 1, 2, 7], retain, length: 2), [8, -100, -100, 7])
  }

  func testADocumentStaysOneAndPromptsStayUnlabelled() {
    let shared = SharedContext(length: 1, retain: [[1, 2, 3], [1, 2, 4], [1, 2, 5]].map(document))
    XCTAssertTrue(shared.withoutShared(document([1, 2, 9])).isWholeText)
    let answer = Sample(id: "a", inputIDs: [9, 1, 2, 7], labels: [-100, -100, 2, 7])
    XCTAssertEqual(shared.withoutShared(answer).labels, [-100, -100, -100, 7])
    XCTAssertFalse(shared.withoutShared(answer).isWholeText)
  }

  func testARowThatWouldLoseAllLabelsKeepsThem() {
    let shared = SharedContext(length: 3, retain: [[1, 2], [1, 2], [1, 2]].map(document))
    let row = Sample(id: "r", inputIDs: [1, 2], labels: [-100, 2])
    XCTAssertEqual(shared.withoutShared(row), row)
  }
}
