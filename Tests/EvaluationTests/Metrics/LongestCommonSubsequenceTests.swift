import Basics
import Evaluation
import XCTest

final class LongestCommonSubsequenceTests: XCTestCase {
  /// The textbook recursion over a full table.
  private func reference(_ first: [Int], _ second: [Int]) -> Int {
    var table = [[Int]](repeating: [Int](repeating: 0, count: second.count + 1), count: first.count + 1)
    for row in first.indices {
      for column in second.indices {
        table[row + 1][column + 1] =
          first[row] == second[column]
          ? table[row][column] + 1 : max(table[row][column + 1], table[row + 1][column])
      }
    }
    return table[first.count][second.count]
  }

  func testAgreesWithTheFullTableOnRandomLists() {
    var random = RandomStream(seed: 7)
    for round in 0..<2000 {
      let alphabet = 1 + random.next(below: 6)
      let first = (0..<random.next(below: 12)).map { _ in random.next(below: alphabet) }
      let second = (0..<random.next(below: 12)).map { _ in random.next(below: alphabet) }
      XCTAssertEqual(LongestCommonSubsequence.length(first, second), reference(first, second), "round \(round)")
    }
  }

  func testFiveThousandTokensTakeLessThanASecond() {
    var random = RandomStream(seed: 8)
    let first = (0..<5000).map { _ in random.next(below: 50) }
    let second = (0..<5000).map { _ in random.next(below: 50) }
    let clock = ContinuousClock()
    var length = 0
    let time = clock.measure { length = LongestCommonSubsequence.length(first, second) }
    XCTAssertGreaterThan(length, 1000)
    XCTAssertLessThan(time, .seconds(1))
  }
}
