import Foundation
import LanguageModels
import Unlearning
import XCTest

final class MatchedStreamTests: XCTestCase {
  private func samples(_ strata: [String]) -> [Sample] {
    strata.enumerated().map { Sample(id: "\($0.offset)", inputIDs: [1, 2], labels: [1, 2], stratum: $0.element) }
  }

  func testRowsMatchByStratumAndEachComesOnceBeforeAnyTwice() {
    let retain = samples((0..<12).map { $0 % 3 == 0 ? "Task1/sc" : "Task1/qa" })
    var stream = MatchedStream(retain, seed: 4)
    let batch = samples(["Task1/sc", "Task1/qa", "Task1/qa"])
    var drawn: [Int] = []
    for _ in 0..<4 {
      let rows = stream.next(matching: batch)
      XCTAssertEqual(rows.map { retain[$0].stratum }, batch.map(\.stratum))
      drawn += rows
    }
    XCTAssertEqual(Set(drawn).count, 12)
  }

  func testAStratumThatRetainLacksIsDrawnFromAll() {
    let retain = samples(["a", "a", "b"])
    var stream = MatchedStream(retain, seed: 1)
    let drawn = (0..<3).flatMap { _ in stream.next(matching: samples(["c"])) }
    XCTAssertEqual(Set(drawn), [0, 1, 2])
  }

  func testSavedStreamGoesOn() throws {
    let retain = samples((0..<20).map { "s\($0 % 4)" })
    var stream = MatchedStream(retain, seed: 9)
    let batch = samples(["s1", "s2", "x"])
    for _ in 0..<7 { _ = stream.next(matching: batch) }
    var restored = try JSONDecoder().decode(MatchedStream.self, from: JSONEncoder().encode(stream))
    for _ in 0..<20 { XCTAssertEqual(stream.next(matching: batch), restored.next(matching: batch)) }
  }
}
