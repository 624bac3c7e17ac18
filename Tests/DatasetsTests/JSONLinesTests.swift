import Basics
import Datasets
import XCTest

final class JSONLinesTests: FolderTestCase {
  private func lines(_ text: String) throws -> [(text: String?, line: Int?)] {
    var found: [(String?, Int?)] = []
    try JSONLines.read(try write(text, to: "data.jsonl")) { object, location in
      found.append((object["text"]?.stringValue, location.line))
    }
    return found
  }

  func testBlankLinesMarksAndLineEnds() throws {
    let found = try lines("\u{FEFF}{\"text\": \"a\"}\r\n\r\n  \t\n{\"text\": \"b\\r\\n\"}\r\n{\"text\":\"c\"}")
    XCTAssertEqual(found.map(\.text), ["a", "b\r\n", "c"])
    XCTAssertEqual(found.map(\.line), [1, 4, 5])
    XCTAssertEqual(try lines("").count, 0)
  }

  func testErrorsNameTheLine() throws {
    let broken = try failure { _ = try self.lines("{\"text\": \"a\"}\n\n{\"text\": \"secret\"\n{}\n") }
    XCTAssertEqual(broken.location.line, 3)
    XCTAssertFalse(broken.description.contains("secret"))
    let scalar = try failure { _ = try self.lines("{}\n3\n") }
    XCTAssertEqual(scalar.location.line, 2)
    XCTAssertEqual(scalar.message, "expected a JSON object, found an integer")
    let array = try failure { _ = try self.lines("[{\"text\": \"a\"},\n{\"text\": \"b\"}]\n") }
    XCTAssertEqual(array.location.line, 1)
    XCTAssertTrue(array.hint?.contains("one object on each line") ?? false)
  }

  func testInvalidUTF8NamesLineAndByte() throws {
    let bytes = Array("{}\n{\"text\": \"é".utf8) + [0xFF] + Array("\"}\n".utf8)
    let path = try write(bytes, to: "data.jsonl")
    let caught = try failure { try JSONLines.read(path) { _, _ in } }
    XCTAssertEqual(caught.location.line, 2)
    XCTAssertEqual(caught.message, "invalid UTF-8 at byte 13 of the line")
    let wide = try write([0xFF, 0xFE, 0x7B, 0x00], to: "wide.jsonl")
    XCTAssertEqual(try failure { try JSONLines.read(wide) { _, _ in } }.message, "expected UTF-8, found UTF-16")
  }

  func testErrorsOfTheBodyPass() throws {
    let path = try write("{}\n{}\n", to: "data.jsonl")
    let caught = try failure {
      try JSONLines.read(path) { object, location in _ = try object.string("input", at: location) }
    }
    let advice = "the command's --help says what its input holds"
    XCTAssertEqual(caught.description, "\(path):1: 'input': the field is missing\nhint: \(advice)")
  }
}
