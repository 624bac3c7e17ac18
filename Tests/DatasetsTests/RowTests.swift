import Datasets
import XCTest

final class RowTests: XCTestCase {
  private func row(_ id: String) -> Row { Row(id: id, input: "", output: "") }

  func testKindAndDocument() {
    XCTAssertEqual(row("\"ab\"sc1").kind, .sentenceCompletion)
    XCTAssertEqual(row("\"ab\"sc1").documentID, "\"ab\"")
    XCTAssertEqual(row("67148749qa0").kind, .questionAnswer)
    XCTAssertEqual(row("67148749qa0").documentID, "67148749")
    // The official rule drops any last character, a digit or not.
    XCTAssertEqual(row("xscé").kind, .sentenceCompletion)
    XCTAssertEqual(row("xscé").documentID, "xscé")
    for id in ["", "7", "sc", "xsc", "xqa10", "plain"] {
      XCTAssertNil(row(id).kind, id)
      XCTAssertEqual(row(id).documentID, id)
    }
  }
}
