import Basics
import Datasets
import XCTest

final class DatasetFolderTests: FolderTestCase {
  private let row = "{\"id\": \"a\", \"input\": \"x\", \"output\": \"y\"}\n"

  private func lay(_ names: [String]) throws { for name in names { _ = try write(row, to: name) } }

  private func names(_ files: DataFiles) -> [String] { files.paths.map { String($0.dropFirst(folder.count + 1)) } }

  func testPlainAndOfficialNames() throws {
    try lay(["forget.jsonl", "retain.csv", "retain_validation.jsonl", "notes.txt", ".forget.jsonl.swp"])
    let data = try DatasetFolder(path: folder + "/")
    XCTAssertEqual(names(try data.files(.forget, .train)), ["forget.jsonl"])
    XCTAssertEqual(names(try data.files(.retain, .train)), ["retain.csv"])
    XCTAssertTrue(data.has(.retain, .validation))
    XCTAssertEqual(try data.sets().map(\.name), ["forget", "retain", "retain_validation"])
    let missing = try failure { _ = try data.files(.forget, .validation) }
    XCTAssertEqual(missing.kind, .missingInput)
    XCTAssertTrue(missing.message.contains("forget_validation.*, found forget.jsonl"), missing.message)
  }

  func testShardsInOrderAndComplete() throws {
    try lay((0..<3).reversed().map { "forget_train-0000\($0)-of-00003.jsonl" })
    let files = try DatasetFolder(path: folder).files(.forget, .train)
    XCTAssertEqual(names(files), (0..<3).map { "forget_train-0000\($0)-of-00003.jsonl" })
    XCTAssertEqual(files.name, "forget_train")
    let ids = try failure { _ = try RowReader.read(files.paths) }
    XCTAssertTrue(ids.message.contains("line 1 of "), ids.message)
    try lay(["retain_train-00001-of-99999.jsonl"])
    XCTAssertTrue(
      try failure { _ = try DatasetFolder(path: self.folder).files(.retain, .train) }.message.hasPrefix("shard 0 of"))
  }

  func testAmbiguityIsRefused() throws {
    try lay(["forget.jsonl", "forget.csv"])
    let caught = try failure { _ = try DatasetFolder(path: self.folder).files(.forget, .train) }
    XCTAssertEqual(caught.message, "cannot choose between forget.csv and forget.jsonl")
  }

  func testFolderGivenForOneSide() throws {
    try lay(["train-00000-of-00001.jsonl", "validation-00000-of-00001.jsonl"])
    XCTAssertEqual(names(try DataSource.files(.retain, at: folder)), ["train-00000-of-00001.jsonl"])
    XCTAssertEqual(
      names(try DataSource.files(.retain, at: folder, split: .validation)), ["validation-00000-of-00001.jsonl"])
    XCTAssertEqual(try DataSource.sets(at: folder).map(\.name), ["train", "validation"])
    XCTAssertEqual(try DataSource.files(.forget, at: "/x/part.one.jsonl").name, "part.one")
    try lay(["forget.jsonl"])
    XCTAssertEqual(names(try DataSource.files(.forget, at: folder)), ["forget.jsonl"])
    // A folder that names sides must not lend its forget set to retain.
    XCTAssertThrowsError(try DataSource.files(.retain, at: folder))
  }

  func testMissingFolder() throws {
    XCTAssertEqual(try failure { _ = try DatasetFolder(path: "/no/such") }.kind, .missingInput)
    XCTAssertTrue(
      try failure { _ = try DatasetFolder(path: self.folder).files(.forget, .train) }.message.contains("no data file"))
  }

  func testOverlap() throws {
    let forget = [Row(id: "1", input: "a", output: "bc", hasGeneratedID: true), Row(id: "x", input: "q", output: "r")]
    let retain = [
      Row(id: "1", input: "ab", output: "c", hasGeneratedID: true), Row(id: "x", input: "other", output: "r"),
      Row(id: "3", input: "a", output: "bc"),
    ]
    XCTAssertEqual(
      RowOverlap.find(forget: forget, retain: retain),
      [
        RowOverlap(forgetID: "x", retainID: "x", retainIndex: 1, reason: .id),
        RowOverlap(forgetID: "1", retainID: "3", retainIndex: 2, reason: .text),
      ])
  }

  func testPublishedSetsAreDisjoint() throws {
    let data = try ForgetRetain.read(folder: try sharedData("semeval"), split: .validation)
    XCTAssertEqual([data.forget.count, data.retain.count], [254, 278])
    XCTAssertEqual(RowOverlap.find(forget: data.forget, retain: data.retain), [])
  }
}
