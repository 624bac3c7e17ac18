import Basics
import Torch
import Unlearning
import XCTest

final class ProcessSharesTests: XCTestCase {
  private func shares(_ lengths: [Int], _ size: Int) -> [[Int]] {
    (0..<size).map { rank in
      var membership = GroupMembership()
      (membership.rank, membership.size) = (rank, size)
      return membership.share(of: lengths)
    }
  }

  func testEveryItemIsOfOneProcess() {
    var random = RandomStream(seed: 7)
    for size in [1, 2, 3, 8] {
      for count in [0, 1, 2, 16, 129] {
        let lengths = (0..<count).map { _ in 1 + random.next(below: 500) }
        let shares = shares(lengths, size)
        XCTAssertEqual(shares.flatMap { $0 }.sorted(), Array(0..<count))
        for share in shares { XCTAssertEqual(share, share.sorted()) }
        // No process has more than the longest item above another's tokens.
        let loads = shares.map { $0.reduce(0) { $0 + lengths[$1] } }
        XCTAssertLessThanOrEqual((loads.max() ?? 0) - (loads.min() ?? 0), lengths.max() ?? 0)
      }
    }
  }

  func testLengthsAreEvenedOut() {
    XCTAssertEqual(shares([100, 10, 90, 20, 80, 30], 2), [[0, 1, 3, 5], [2, 4]])
    XCTAssertEqual(shares([100, 10, 90, 20, 80, 30], 3), [[0, 1], [2, 3], [4, 5]])
    XCTAssertEqual(shares([5, 5, 5, 5], 2), [[0, 2], [1, 3]])
    XCTAssertEqual(shares([5], 3), [[0], [], []])
  }
}
