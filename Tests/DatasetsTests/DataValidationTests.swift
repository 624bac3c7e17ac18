import Basics
import Datasets
import XCTest

final class DataValidationTests: FolderTestCase {
  func testGoesOnPastTheFirstError() throws {
    let lines: [[UInt8]] = [
      Array("{\"id\": \"asc1\", \"input\": \"secret\", \"output\": \"y\", \"task\": \"Task1\"}".utf8),
      Array("{\"id\": \"bqa0\", \"input\": \"secret\", ".utf8),
      Array("{\"id\": \"asc1\", \"input\": \"secret\", \"output\": \"y\", \"task\": \"Task9\"}".utf8),
      Array("{\"id\": \"cqa0\", \"input\": \"".utf8) + [0xC3] + Array("\", \"output\": \"y\"}".utf8),
      [],
      Array("{\"id\": \"d\", \"input\": \" secret\", \"output\": \"\\n\"}".utf8),
      Array("{\"id\": \"eqa0\", \"input\": \"secret\"}".utf8),
      Array("{\"id\": \"fqa0\", \"input\": \"secret \\ufffd\\u0007\", \"output\": 3}".utf8),
      Array("{\"id\": \"gqa0\", \"input\": \"secret \\ufffd\\u0007\", \"output\": \"y\"}".utf8),
    ]
    let path = try write(lines.joined(separator: [0x0A]), to: "data.jsonl")
    let report = try DataValidation.check(path)
    let places = report.findings.map { finding in
      "\(finding.severity.rawValue) \(finding.location.line ?? 0) \(finding.location.field ?? "-")"
    }
    XCTAssertEqual(
      places,
      [
        "error 2 -", "warning 3 task", "error 3 id", "error 4 -", "warning 6 input", "error 6 output", "warning 6 id",
        "error 7 output", "error 8 output", "warning 9 input", "warning 9 input",
      ])
    XCTAssertEqual([report.errorCount, report.warningCount, report.rowCount], [6, 5, 4])
    XCTAssertFalse(report.isValid)
    XCTAssertFalse(report.findings.contains { $0.description.contains("secret") })
    XCTAssertFalse(report.jsonValue.text().contains("secret"))
  }

  func testRecordsOfCSVAndArrays() throws {
    let table = try write("id,input,output\naqa0,x,y\nbqa0,x\ncqa0,,y\n", to: "data.csv")
    XCTAssertEqual(try DataValidation.check(table).findings.map(\.location.line), [3, 4])
    let array = try write("[3, {\"id\": \"aqa0\", \"input\": \"x\", \"output\": 1}]", to: "data.json")
    XCTAssertEqual(
      try DataValidation.check(array).findings.map(\.message),
      ["row 1: expected a JSON object, found an integer", "row 2: expected a string, found an integer"])
    let broken = try DataValidation.check(fixture("truncated.parquet"))
    XCTAssertEqual(broken.errorCount, 1)
    let empty = try write("\n", to: "empty.jsonl")
    XCTAssertEqual(try DataValidation.check(empty).findings.map(\.message), ["expected at least one row, found none"])
    XCTAssertThrowsError(try DataValidation.check("\(folder)/none.jsonl"))
  }

  func testDocumentsOfTheAttack() throws {
    let path = try write(
      "{\"id\": \"a\", \"document\": \"x y\"}\n{\"document\": \"x\"}\n{\"id\": 3, \"document\": \"\"}\n{\"document\": 4}\n",
      to: "member.jsonl")
    let report = try DataValidation.check(path)
    XCTAssertEqual(report.rowCount, 2)
    XCTAssertEqual(report.findings.map(\.location.line), [3, 4])
    XCTAssertEqual(report.findings.map(\.location.field), ["document", "document"])
    _ = try write("{\"id\": \"a\", \"document\": \"x\"}\n", to: "forget.jsonl")
    XCTAssertEqual(try DataValidation.check(folder).findings.map(\.location.field), ["input"], "no rows to train on")
  }

  func testOverlapOfTheSides() throws {
    let forget =
      "{\"id\": \"asc1\", \"input\": \"x\", \"output\": \"y\"}\n{\"id\": \"bsc1\", \"input\": \"u\", \"output\": \"v\"}\n"
    let retain =
      "{\"id\": \"csc1\", \"input\": \"x\", \"output\": \"y\"}\n{\"id\": \"bsc1\", \"input\": \"o\", \"output\": \"p\"}\n"
    _ = try write(forget, to: "forget.jsonl")
    _ = try write(retain, to: "retain.jsonl")
    let expected = [
      "the retain row csc1 repeats input and output of the forget row asc1",
      "the retain row bsc1 has the id of the forget row bsc1",
    ]
    let findings = try DataValidation.check(folder).findings
    XCTAssertEqual(findings.map(\.message), expected)
    XCTAssertEqual(findings.map(\.location.line), [1, 2])
    XCTAssertTrue(findings.allSatisfy { $0.location.file?.hasSuffix("retain.jsonl") ?? false })
  }

  func testAllSetsOfAFolderWithoutSidesAreChecked() throws {
    _ = try write("{\"id\": \"aqa0\", \"input\": \"x\", \"output\": \"y\"}\n", to: "train.jsonl")
    _ = try write("broken\n", to: "validation.jsonl")
    XCTAssertEqual(try DataValidation.check(folder).errorCount, 1)
  }

  /// Warnings must not crowd out what makes the data unusable.
  func testErrorsBehindManyWarningsAreListed() throws {
    let rows = (0..<1200).map { "{\"id\": \"\($0)qa0\", \"input\": \" x\", \"output\": \" y\"}\n" }.joined()
    let report = try DataValidation.check(try write(rows + "broken\n", to: "data.jsonl"))
    XCTAssertEqual([report.warningCount, report.errorCount], [1200, 1])
    XCTAssertEqual(report.findings.filter { $0.severity == .error }.map(\.location.line), [1201])
  }

  func testFindingsAreBounded() throws {
    let path = try write(String(repeating: "[]\n", count: 1500), to: "data.jsonl")
    let report = try DataValidation.check(path)
    XCTAssertEqual(report.findings.count, DataValidation.maximumFindings)
    XCTAssertEqual(report.errorCount, 1500)
  }

  func testPublishedDataAreValid() throws {
    let report = try DataValidation.check(try sharedData("semeval"))
    XCTAssertEqual(report.rowCount, 1112 + 1136 + 254 + 278)
    XCTAssertEqual(report.errorCount, 0)
  }
}
