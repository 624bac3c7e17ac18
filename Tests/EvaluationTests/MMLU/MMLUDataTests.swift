import Basics
import Evaluation
import Foundation
import XCTest

final class MMLUDataTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "mmlu-\(UUID().uuidString)"
    for name in MMLUSubject.all {
      try write("dev", name, rows: 5)
      try write("test", name, rows: 2)
    }
  }

  override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

  private func write(_ split: String, _ subject: String, rows: Int, answer: String = "2") throws {
    try Folder.create("\(folder)/\(split)")
    let lines = (0..<rows).map { "Question \($0)?,\"a, a\",b,c,d,\(answer)\n" }
    try AtomicFile.write(
      "question,choice0,choice1,choice2,choice3,answer\n" + lines.joined(),
      to: "\(folder)/\(split)/\(subject)_\(split).csv")
  }

  private func failure() -> Failure? {
    do { _ = try MMLUData(folder: folder) } catch { return error as? Failure }
    return nil
  }

  func testAllSubjects() throws {
    let data = try MMLUData(folder: folder)
    XCTAssertEqual(data.subjects.map(\.name), MMLUSubject.all)
    XCTAssertEqual(data.subjects[3].questions.count, 2)
    XCTAssertEqual(data.subjects[3].examples[4].choices, ["a, a", "b", "c", "d"])
    XCTAssertEqual(data.subjects[3].examples[4].answer, 2)
  }

  func testAsItsAuthorsDistributeIt() throws {
    let path = "\(folder)/test/anatomy_test.csv"
    try AtomicFile.write("\"What of 1, 2?\",\"a, a\",b,c,d,D\nAnd this?,1,2,3,4,A\n", to: path)
    let subject = try XCTUnwrap(try MMLUData(folder: folder).subjects.first { $0.name == "anatomy" })
    XCTAssertEqual(
      subject.questions,
      [
        MMLUQuestion(question: "What of 1, 2?", choices: ["a, a", "b", "c", "d"], answer: 3),
        MMLUQuestion(question: "And this?", choices: ["1", "2", "3", "4"], answer: 0),
      ])
    for second in ["And this?,1,2,3,4,E\n", "And this?,1,2,3,A\n"] {
      try AtomicFile.write("What?,a,b,c,d,D\n" + second, to: path)
      XCTAssertEqual(failure()?.location.line, 2)
      XCTAssertTrue(failure()?.message.contains("A, B, C or D") == true, "\(String(describing: failure()))")
    }
  }

  func testMissingSubjectIsNamed() throws {
    try FileManager.default.removeItem(atPath: "\(folder)/test/virology_test.csv")
    XCTAssertEqual(failure()?.kind, .missingInput)
    XCTAssertTrue(failure()?.message.contains("missing: virology") == true, "\(String(describing: failure()))")
  }

  func testUnknownSubjectIsNamed() throws {
    try write("test", "astrology", rows: 1)
    XCTAssertEqual(failure()?.kind, .badData)
    XCTAssertTrue(failure()?.message.contains("unknown: astrology") == true)
  }

  func testWrongAnswerNamesLineAndColumn() throws {
    try write("test", "anatomy", rows: 2, answer: "E")
    XCTAssertEqual(failure()?.location.line, 2)
    XCTAssertEqual(failure()?.location.field, "answer")
  }

  func testMissingFolder() {
    folder += "-absent"
    XCTAssertEqual(failure()?.kind, .missingInput)
  }
}
