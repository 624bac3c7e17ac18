import Foundation
import Unlearning
import XCTest

final class BatchStreamTests: XCTestCase {
  func testEveryRowOnceAnEpochAndBatchesAreFull() {
    var stream = BatchStream(count: 10, batchSize: 4, seed: 3, purpose: "test")
    let drawn = (0..<5).flatMap { _ in stream.next() }
    XCTAssertEqual(drawn.count, 20)
    XCTAssertEqual(Set(drawn[..<10]), Set(0..<10))
    XCTAssertEqual(Set(drawn[10...]), Set(0..<10))
    XCTAssertNotEqual(Array(drawn[..<10]), Array(drawn[10...]))
  }

  func testSavedStreamGoesOnWithTheSameBatches() throws {
    var stream = BatchStream(count: 23, batchSize: 5, seed: 8, purpose: "test")
    for _ in 0..<7 { _ = stream.next() }
    var restored = try JSONDecoder().decode(BatchStream.self, from: JSONEncoder().encode(stream))
    for _ in 0..<30 { XCTAssertEqual(stream.next(), restored.next()) }
  }

  func testChunksAreGoneThroughTogether() {
    var stream = BatchStream(count: 10, batchSize: 4, seed: 3, purpose: "test", chunk: 4, passes: 3)
    XCTAssertEqual(stream.batchesPerEpoch, 8)
    let drawn = (0..<8).flatMap { _ in stream.next() }.prefix(30)
    for row in 0..<10 { XCTAssertEqual(drawn.count { $0 == row }, 3) }
    let chunks = [drawn[0..<12], drawn[12..<24], drawn[24..<30]].map { Set($0) }
    XCTAssertEqual(chunks.map(\.count), [4, 4, 2])
    XCTAssertEqual(chunks.reduce(Set()) { $0.union($1) }, Set(0..<10))
  }

  func testRowsThatAreLeftOutComeUpAgainInTheNextPass() {
    var stream = BatchStream(count: 10, batchSize: 5, seed: 3, purpose: "test")
    var resting: Set = [2, 3, 5, 7]
    // Six rows are left of the first pass, then there are all ten again.
    let drawn = (0..<4).flatMap { _ in stream.next { resting.remove($0) != nil } }
    XCTAssertEqual(Set(drawn[..<6]), [0, 1, 4, 6, 8, 9])
    XCTAssertEqual(Set(drawn[6..<16]), Set(0..<10))
    XCTAssertEqual(drawn.count, 20)
    // All of a pass at rest: it is passed over, and the next one is whole.
    resting = Set(0..<10)
    let next = (0..<2).flatMap { _ in stream.next { resting.remove($0) != nil } }
    XCTAssertEqual(next.count, 10)
    XCTAssertTrue(resting.isEmpty)
  }

  func testASavedStreamThatCannotBeOneIsTold() throws {
    let fresh = BatchStream(count: 10, batchSize: 4, seed: 3, purpose: "test")
    var later = fresh
    for _ in 0..<7 { _ = later.next() }
    XCTAssertTrue(later.continues(fresh))
    let text = String(decoding: try JSONEncoder().encode(later), as: UTF8.self)
    for (was, now) in [
      ("\"position\":8", "\"position\":-1"), ("\"position\":8", "\"position\":10"), ("\"count\":10", "\"count\":94"),
      ("\"passes\":1", "\"passes\":0"), ("\"chunk\":10", "\"chunk\":0"), ("\"batchSize\":4", "\"batchSize\":0"),
      ("\"epoch\":2", "\"epoch\":-2"),
    ] {
      XCTAssertTrue(text.contains(was), text)
      let wrong = try JSONDecoder().decode(BatchStream.self, from: Data(text.replacing(was, with: now).utf8))
      XCTAssertFalse(wrong.continues(fresh), now)
    }
  }

  func testSeedsAndPurposesDiffer() {
    var streams = [(1, "a"), (2, "a"), (1, "b")].map {
      BatchStream(count: 50, batchSize: 50, seed: $0.0, purpose: $0.1)
    }
    let batches = streams.indices.map { streams[$0].next() }
    XCTAssertEqual(Set(batches).count, 3)
  }
}
