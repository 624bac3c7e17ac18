import Basics
import Datasets
import Foundation
import XCTest

final class CSVWriterTests: FolderTestCase {
  /// The bytes that pandas wrote for the same values.
  func testSameBytesAsPandas() throws {
    let table = try CSVTable(path: fixture("tricky.csv"))
    let path = "\(folder)/out.csv"
    try CSVWriter.write(header: table.header, rows: table.rows, to: path)
    XCTAssertEqual(
      try String(contentsOfFile: path, encoding: .utf8),
      try String(contentsOfFile: fixture("tricky.csv"), encoding: .utf8))
  }

  func testCarriageReturnsAndEmptyRecordsSurvive() throws {
    XCTAssertEqual(CSVWriter.line(["a\rb", "c"]), "\"a\rb\",c\n")
    XCTAssertEqual(CSVWriter.line([""]), "\"\"\n")
    XCTAssertEqual(CSVWriter.line(["", ""]), ",\n")
    XCTAssertEqual(CSVWriter.line([" x ", "\"", "\r\n"]), " x ,\"\"\"\",\"\r\n\"\n")
    let path = "\(folder)/out.csv"
    let rows = [["a\r\nb"], [""], ["\"\""], ["e\u{301},"]]
    try CSVWriter.write(header: ["h"], rows: rows, to: path)
    XCTAssertEqual(
      try CSVTable(path: path).rows.map { $0.map { Array($0.utf8) } }, rows.map { $0.map { Array($0.utf8) } })
  }
}
