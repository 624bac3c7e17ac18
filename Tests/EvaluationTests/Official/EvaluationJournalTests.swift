import Basics
import Foundation
import XCTest

import Evaluation

final class EvaluationJournalTests: XCTestCase {
  private let path = NSTemporaryDirectory() + "journal-\(UUID().uuidString).jsonl"

  override func tearDown() { try? FileManager.default.removeItem(atPath: path) }

  func testFinishedWorkComesBackAndATornLineDoesNot() throws {
    do {
      let journal = try EvaluationJournal(path: path, fingerprint: "model a")
      try journal.append(["row": 0, "exact_match": 1.0])
      try journal.append(["row": 1, "exact_match": 0.0])
    }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data("{\"row\": 2, \"exa".utf8))
    try file.close()
    let again = try EvaluationJournal(path: path, fingerprint: "model a")
    XCTAssertEqual(again.entries.map { $0["row"]?.intValue }, [0, 1])
    try again.append(["row": 2])
    XCTAssertEqual(try EvaluationJournal(path: path, fingerprint: "model a").entries.count, 3)
  }

  func testAnotherFingerprintStartsOver() throws {
    do { try EvaluationJournal(path: path, fingerprint: "model a").append(["row": 0]) }
    XCTAssertEqual(try EvaluationJournal(path: path, fingerprint: "model b").entries.count, 0)
  }
}
