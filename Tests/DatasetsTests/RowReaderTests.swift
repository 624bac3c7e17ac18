import Basics
import Datasets
import Foundation
import XCTest

final class RowReaderTests: FolderTestCase {
  private func read(_ text: String, _ name: String = "data.jsonl") throws -> [Row] {
    try RowReader.read(try write(text, to: name))
  }

  func testEveryFormatGivesTheSameRows() throws {
    let expected = try RowReader.read(fixture("pandas.parquet"))
    XCTAssertEqual(expected.count, 6)
    XCTAssertEqual(expected[0].id, "\"doc-0\"sc1")
    XCTAssertNil(expected[0].line)
    let json = try JSONParser.parse(String(contentsOfFile: fixture("expected.json"), encoding: .utf8))
    let records = try XCTUnwrap(json.objectValue?["pandas"])
    XCTAssertEqual(try read(records.text(), "data.json"), expected)
    let lines = try XCTUnwrap(records.arrayValue).map { $0.text() }.joined(separator: "\n")
    func withoutLines(_ rows: [Row]) -> [Row] {
      rows.map { row in
        var copy = row
        copy.line = nil
        return copy
      }
    }
    XCTAssertEqual(withoutLines(try read(lines)), expected)
    let table = try RowReader.read(fixture("pandas.csv"))
    XCTAssertEqual(withoutLines(table), expected)
    XCTAssertEqual(table.map(\.line), [2, 4, 6, 8, 10, 12])
  }

  func testAliasesAndMissingIDs() throws {
    let rows = try read(
      "{\"question\": \"q\", \"answer\": \"a\"}\n\n{\"prompt\": \"p\", \"response\": \"r\", \"id\": null}\n")
    XCTAssertEqual(rows.map(\.id), ["1", "2"])
    XCTAssertEqual(rows.map(\.hasGeneratedID), [true, true])
    XCTAssertEqual(rows.map(\.input), ["q", "p"])
    XCTAssertEqual(rows.map(\.output), ["a", "r"])
    XCTAssertEqual(rows.map(\.line), [1, 3])
    XCTAssertEqual(try RowReader.read(fixture("question_answer.parquet")).map(\.output), ["A fixture."])
    // Of a column that is not used the type does not matter.
    XCTAssertEqual(try RowReader.read(fixture("list_prompt.parquet")).count, 3)
    // The official name wins over an alias, and two aliases are one too many.
    XCTAssertEqual(try read("{\"input\": \"i\", \"prompt\": \"p\", \"output\": \"o\", \"x\": [1]}").map(\.input), ["i"])
    let both = try failure { _ = try self.read("{\"question\": \"q\", \"prompt\": \"p\", \"output\": \"o\"}") }
    XCTAssertTrue(both.message.contains("'question' and 'prompt'"), both.message)
  }

  func testIDsAreKept() throws {
    let rows = try read(
      "{\"id\": 12, \"input\": \"a\", \"output\": \"\"}\n{\"id\": \"\\\"x\\\"qa0\", \"input\": \"a\", \"output\": \"b\"}"
    )
    XCTAssertEqual(rows.map(\.id), ["12", "\"x\"qa0"])
    XCTAssertEqual(try RowReader.read(fixture("integer_ids.parquet")).map(\.id), ["7", "8", "9"])
  }

  func testWrongFieldsNameLineAndField() throws {
    for (text, line, field, part) in [
      ("{\"input\": \"secret\", \"output\": 5}", 1, "output", "found an integer"),
      ("\n{\"input\": null, \"output\": \"secret\"}", 2, "input", "found null"),
      ("{\"input\": \"secret\", \"output\": \"\", \"task\": 1}", 1, "task", "found an integer"),
      ("{\"input\": \"secret\", \"output\": \"\", \"id\": 1.5}", 1, "id", "found a number"),
      ("{\"inputs\": \"secret\", \"output\": \"\"}", 1, "input", "the field is missing; found 'inputs', 'output'"),
    ] {
      let caught = try failure { _ = try self.read(text) }
      XCTAssertEqual(caught.kind, .badData)
      XCTAssertEqual(caught.location.line, line, text)
      XCTAssertEqual(caught.location.field, field, text)
      XCTAssertTrue(caught.message.contains(part), caught.message)
      XCTAssertFalse(caught.description.contains("secret"), caught.description)
    }
    for (name, field, part) in [
      ("number_output", "output", "double"), ("integer_output", "output", "row 1: expected a string, found an integer"),
      ("null_input", "input", "row 3: expected a string, found null"),
      ("no_output", "output", "the column is missing; found 'id', 'input', 'task', 'split'"),
    ] {
      let caught = try failure { _ = try RowReader.read(fixture("\(name).parquet")) }
      XCTAssertEqual(caught.location.field, field)
      XCTAssertTrue(caught.message.contains(part), caught.message)
    }
  }

  func testDuplicateIDsNameBothLines() throws {
    let text =
      "{\"id\": \"a\", \"input\": \"x\", \"output\": \"y\"}\n\n{\"id\": \"a\", \"input\": \"z\", \"output\": \"y\"}\n"
    let caught = try failure { _ = try self.read(text) }
    XCTAssertEqual(caught.location.line, 3)
    XCTAssertEqual(caught.location.field, "id")
    XCTAssertEqual(caught.message, "the id a is already that of line 1")
    let array = try failure {
      _ = try self.read(
        "[{\"id\": 1, \"input\": \"\", \"output\": \"\"}, {\"id\": 1, \"input\": \"\", \"output\": \"\"}]", "d.json")
    }
    XCTAssertEqual(array.message, "row 2: the id 1 is already that of row 1")
    // Texts that Unicode calls equivalent are different ids.
    let accents =
      "{\"id\": \"\\u00e9\", \"input\": \"\", \"output\": \"\"}\n{\"id\": \"e\\u0301\", \"input\": \"\", \"output\": \"\"}"
    XCTAssertEqual(try read(accents).count, 2)
  }

  func testEmptySets() throws {
    for name in ["empty.jsonl", "empty.csv"] {
      let text = name.hasSuffix("csv") ? "id,input,output\n" : "\n\n"
      XCTAssertEqual(try failure { _ = try self.read(text, name) }.message, "expected at least one row, found none")
    }
    XCTAssertThrowsError(try RowReader.read(fixture("empty.parquet")))
    XCTAssertThrowsError(try read("[]", "empty.json"))
  }

  func testFormatsThatAreNotWhatTheNameSays() throws {
    let lines = "{\"input\": \"a\", \"output\": \"b\"}\n{\"input\": \"c\", \"output\": \"d\"}\n"
    let caught = try failure { _ = try self.read(lines, "data.json") }
    XCTAssertTrue(caught.message.contains("found JSON lines"), caught.message)
    XCTAssertTrue(
      try failure { _ = try self.read("{\"input\": \"a\"}", "one.json") }.message.contains("found an object"))
    XCTAssertEqual(try failure { _ = try self.read("x", "data.txt") }.kind, .badData)
    XCTAssertEqual(try failure { _ = try RowReader.read("\(self.folder)/none.txt") }.kind, .missingInput)
    XCTAssertEqual(try failure { _ = try RowReader.read(self.folder) }.kind, .missingInput)
  }

  func testPublishedSets() throws {
    let forget = try RowReader.read(try sharedData("semeval/forget_train-00000-of-00001.parquet"))
    XCTAssertEqual(forget.count, 1112)
    XCTAssertEqual(forget.filter { $0.id.contains("\"") }.count, 166)
    XCTAssertEqual(Set(forget.map(\.documentID)).count, 342)
    XCTAssertEqual(Set(forget.map(\.split)), ["forget"])
    var documents = 0
    for name in ["member", "nonmember"] {
      try JSONLines.read(try sharedData("mia/\(name).jsonl")) { object, location in
        _ = try object.string("document", at: location)
        documents += 1
      }
    }
    XCTAssertEqual(documents, 300)
  }
}
