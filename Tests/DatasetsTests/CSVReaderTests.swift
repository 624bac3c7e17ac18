import Basics
import Datasets
import Foundation
import XCTest

final class CSVReaderTests: FolderTestCase {
  private func records(_ text: String) throws -> [[String]] {
    var found: [[String]] = []
    try CSVReader.read(try write(text, to: "data.csv")) { fields, _ in found.append(fields) }
    return found
  }

  func testQuotesLineBreaksAndEnds() throws {
    XCTAssertEqual(
      try records("\u{FEFF}a,b\r\n\"x,\"\"y\"\"\",\"l1\nl2\"\r\n\n,\n\"\",z"),
      [["a", "b"], ["x,\"y\"", "l1\nl2"], ["", ""], ["", "z"]])
    XCTAssertEqual(try records("a,"), [["a", ""]])
    XCTAssertEqual(try records(""), [])
  }

  func testStrictness() throws {
    for (text, line, part) in [
      ("a,b\nx\"y,z\n", 2, "does not start with one"), ("a,b\n\"x\"y,z\n", 2, "after a closing"),
      ("a\n\n\"x\ny\nz", 3, "never closes"), ("a,b\nx\ry,z\n", 2, "carriage return"),
    ] {
      let caught = try failure { _ = try self.records(text) }
      XCTAssertEqual(caught.location.line, line, text)
      XCTAssertTrue(caught.message.contains(part), caught.message)
    }
  }

  func testTableChecksHeaderAndCounts() throws {
    let short = try write("a,b\n1,2\n\"3\n\",4\n5\n", to: "short.csv")
    let caught = try failure { _ = try CSVTable(path: short) }
    XCTAssertEqual(caught.location.line, 5)
    XCTAssertEqual(caught.message, "expected 2 fields as in the header, found 1")
    let twice = try write("a,b,a\n", to: "twice.csv")
    XCTAssertTrue(try failure { _ = try CSVTable(path: twice) }.message.contains("column 3"))
    let good = try CSVTable(path: try write("a,b\n1,2\n3,4\n", to: "good.csv"))
    XCTAssertEqual(try good.column("b"), ["2", "4"])
    XCTAssertEqual(good.lines, [2, 3])
    XCTAssertTrue(try failure { _ = try good.column("c") }.message.contains("found 'a', 'b'"))
  }

  /// A header that is missing makes the first row look like one; its text must not reach the message.
  func testMissingHeaderDoesNotLeakTheFirstRow() throws {
    let path = try write("x1,The secret is out.,Yes\n", to: "bare.csv")
    let caught = try failure { _ = try RowReader.read(path) }
    XCTAssertFalse(caught.description.contains("secret"), caught.description)
  }

  func testReadsWhatPandasReads() throws {
    let expected = try JSONParser.parse(String(contentsOfFile: fixture("expected.json"), encoding: .utf8))
    let rows = try XCTUnwrap(expected.objectValue?["tricky"]?.arrayValue)
    let table = try CSVTable(path: fixture("tricky.csv"))
    XCTAssertEqual(table.rows, rows.map { $0.arrayValue?.compactMap(\.stringValue) ?? [] })
  }

  func testPublishedMultipleChoiceFiles() throws {
    let folder = try sharedData("mmlu/test")
    var count = 0
    for name in try Folder.names(folder) { count += try CSVTable(path: "\(folder)/\(name)").rows.count }
    XCTAssertEqual(count, 14_042)
  }
}
