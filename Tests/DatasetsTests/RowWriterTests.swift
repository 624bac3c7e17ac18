import Basics
import Datasets
import XCTest

final class RowWriterTests: FolderTestCase {
  func testRowsReadBackAsWritten() throws {
    let rows = [
      Row(id: "\"a\"sc1", input: "one, \"two\"\r\nthree", output: "ü 東 🦊", task: "Task1", split: "forget"),
      Row(id: "b", input: "\\ / \u{1}\u{2028}", output: "", task: nil, split: nil),
    ]
    for name in ["rows.jsonl", "rows.csv"] {
      let path = "\(folder)/\(name)"
      try RowWriter.write(rows, to: path)
      let back = try RowReader.read(path).map {
        Row(id: $0.id, input: $0.input, output: $0.output, task: $0.task, split: $0.split)
      }
      XCTAssertEqual(back, rows, name)
    }
    XCTAssertEqual(try failure { try RowWriter.write(rows, to: "\(self.folder)/rows.txt") }.kind, .usage)
  }
}
