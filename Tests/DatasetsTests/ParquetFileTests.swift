import Basics
import Datasets
import Foundation
import XCTest

final class ParquetFileTests: FolderTestCase {
  func testColumnsOfEveryStringTypeAndCompression() throws {
    for (name, count) in [
      ("snappy", 4), ("gzip", 4), ("none", 4), ("row_groups_zstd", 40), ("large_string", 4), ("string_view", 4),
      ("dictionary", 12), ("pandas", 6),
    ] {
      let file = try ParquetFile(path: fixture("\(name).parquet"))
      XCTAssertEqual(file.columnNames, ["id", "input", "output", "task", "split"], name)
      XCTAssertEqual(file.rowCount, count, name)
      let inputs = try file.column("input").values
      XCTAssertEqual(inputs, (0..<count).map { "Input \($0): naïve café, 東京, 🦊\nsecond line" }, name)
      XCTAssertEqual(try file.column("task").values, (0..<count).map { "Task\($0 % 3 + 1)" }, name)
    }
  }

  func testNullsAndIntegers() throws {
    let nulls = try ParquetFile(path: fixture("nulls.parquet"))
    XCTAssertEqual(try nulls.column("task").values, ["Task1", nil, "Task2", nil])
    XCTAssertEqual(try nulls.column("split").kind, .null)
    XCTAssertEqual(try nulls.column("split").values, [nil, nil, nil, nil])
    let integers = try ParquetFile(path: fixture("integer_ids.parquet"))
    XCTAssertEqual(try integers.column("id").kind, .integer)
    XCTAssertEqual(try integers.column("id").values, ["7", "8", "9"])
  }

  func testWrongTypesNameTheColumnAndTheType() throws {
    let numbers = try ParquetFile(path: fixture("number_output.parquet"))
    let number = try failure { _ = try numbers.column("output") }
    XCTAssertEqual(number.location.field, "output")
    XCTAssertTrue(number.message.contains("double"), number.message)
    let list = try ParquetFile(path: fixture("list_output.parquet"))
    XCTAssertTrue(try failure { _ = try list.column("output") }.message.contains("list"))
    XCTAssertTrue(try failure { _ = try list.column("other") }.message.contains("missing"))
  }

  func testInvalidUTF8NamesTheRow() throws {
    let file = try ParquetFile(path: fixture("invalid_utf8.parquet"))
    XCTAssertEqual(
      try failure { _ = try file.column("output") }.message, "row 2: the text is not valid UTF-8")
  }

  func testDamagedFilesAreFailures() throws {
    for name in ["truncated.parquet", "damaged.parquet"] {
      let path = fixture(name)
      let caught = try failure { _ = try RowReader.read(path) }
      XCTAssertEqual(caught.kind, .badData, name)
      XCTAssertEqual(caught.location.file, path)
    }
    XCTAssertEqual(
      try failure { _ = try ParquetFile(path: self.write("", to: "empty.parquet")) }.message, "the file is empty")
    XCTAssertEqual(try failure { _ = try ParquetFile(path: self.folder) }.kind, .missingInput)
    XCTAssertEqual(try failure { _ = try ParquetFile(path: "\(self.folder)/none.parquet") }.kind, .missingInput)
  }

  /// Flips bytes all over small files: each must be read or refused, never end the process.
  func testNoDamageEndsTheProcess() throws {
    var random = RandomStream(seed: 1)
    for name in ["snappy", "dictionary", "row_groups_zstd", "large_string", "nulls", "string_view"] {
      let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: fixture("\(name).parquet"))))
      for _ in 0..<150 {
        var bytes = whole
        for _ in 0...random.next(below: 4) { bytes[random.next(below: bytes.count)] = UInt8(random.next(below: 256)) }
        if random.next(below: 4) == 0 { bytes.removeLast(random.next(below: bytes.count)) }
        let path = try write(bytes, to: "fuzz.parquet")
        do { _ = try RowReader.read(path) } catch is Failure {}
      }
    }
  }
}
