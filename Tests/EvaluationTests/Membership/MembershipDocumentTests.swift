import Basics
import Evaluation
import XCTest

final class MembershipDocumentTests: XCTestCase {
  private func read(_ text: String) throws -> [MembershipDocument] {
    try Fixture.withTemporaryFolder { folder in
      try AtomicFile.write(text, to: "\(folder)/documents.json")
      return try MembershipDocument.read("\(folder)/documents.json")
    }
  }

  func testFormsOfTheFile() throws {
    let expected = [MembershipDocument(id: "7", text: "one"), MembershipDocument(id: "2", text: "two")]
    XCTAssertEqual(try read("{\"id\": 7, \"document\": \"one\"}\n{\"text\": \"two\"}\n"), expected)
    XCTAssertEqual(try read(#"["one", "two"]"#).map(\.text), ["one", "two"])
    XCTAssertEqual(try read(#"[{"id": "7", "text": "one"}, {"document": "two"}]"#), expected)
  }

  func testErrorsNameLineAndField() throws {
    let missing = try failure { try read("{\"document\": \"a\"}\n{\"words\": \"b\"}\n") }
    XCTAssertEqual(missing.location.line, 2)
    XCTAssertEqual(missing.location.field, "document")
    XCTAssertEqual(try failure { try read(#"["a", ""]"#) }.location.field, "[1]")
    XCTAssertTrue(try failure { try read("[]") }.description.contains("at least one row"))
    XCTAssertEqual(try failure { try read("{\"document\": \"\"}") }.location.field, "document")
  }

  func testPublishedDocuments() throws {
    let folder = try Fixture.shared("mia")
    for side in ["member", "nonmember"] {
      XCTAssertEqual(try MembershipDocument.read("\(folder)/\(side).jsonl").count, 150)
    }
  }
}
