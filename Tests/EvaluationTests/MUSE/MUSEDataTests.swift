import Basics
import Evaluation
import XCTest

final class MUSEDataTests: XCTestCase {
  func testFolderAsLoadDataWritesIt() throws {
    let data = try MUSEData.read(folder: SuiteFixture.path("muse"))
    XCTAssertEqual(data.forgetKnowledge.questions.count, 4)
    XCTAssertEqual(data.forgetKnowledge.examples.count, 11)
    XCTAssertEqual(data.passages.count, 3)
    XCTAssertEqual([data.forgetTexts.count, data.holdoutTexts.count], [6, 6])
  }

  func testErrorsNameFileAndField() throws {
    try Fixture.withTemporaryFolder { folder in
      let missing = try failure { try MUSEData.read(folder: folder) }
      XCTAssertEqual(missing.kind, .missingInput)
      XCTAssertTrue(missing.description.contains("knowmem/forget_qa.json"), missing.description)
      let path = "\(folder)/rows.json"
      try AtomicFile.write(#"[{"question": "Q", "answer": "A"}, {"question": "Q"}]"#, to: path)
      XCTAssertEqual(try failure { try MUSEQuestion.read(path) }.location.field, "[1].answer")
      try AtomicFile.write("{\"prompt\": \"P\", \"gt\": 1}\n", to: path)
      let wrong = try failure { try MUSEPassage.read(path) }
      XCTAssertEqual(wrong.location, Location(file: path, line: 1, field: "gt"))
    }
  }
}
