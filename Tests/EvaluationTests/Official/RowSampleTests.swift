import Datasets
import Evaluation
import XCTest

final class RowSampleTests: XCTestCase {
  private let rows = (0..<200).map { index in
    let kind = index % 10 == 0 ? "sc" : "qa"
    return Row(id: "doc\(index)\(kind)1", input: "a", output: "b", task: "Task\(index % 3 + 1)")
  }

  func testEveryStratumStaysAndShares() {
    let chosen = RowSample.choose(rows, count: 40, seed: 3)
    XCTAssertEqual(chosen, chosen.sorted())
    XCTAssertEqual(Set(chosen).count, chosen.count)
    XCTAssertEqual(Set(chosen.map { rows[$0].stratum }), Set(rows.map(\.stratum)))
    XCTAssertLessThanOrEqual(abs(chosen.count - 40), 3)
    XCTAssertEqual(Set(RowSample.choose(rows, count: 1, seed: 3).map { rows[$0].stratum }).count, 6)
  }

  func testSeedDecides() {
    XCTAssertEqual(RowSample.choose(rows, count: 40, seed: 3), RowSample.choose(rows, count: 40, seed: 3))
    XCTAssertNotEqual(RowSample.choose(rows, count: 40, seed: 3), RowSample.choose(rows, count: 40, seed: 4))
  }

  func testAllRowsWithoutALimit() {
    XCTAssertEqual(RowSample.choose(rows, count: nil, seed: 0), Array(0..<200))
    XCTAssertEqual(RowSample.choose(rows, count: 500, seed: 0), Array(0..<200))
  }
}
