import Basics
import Foundation
import XCTest

final class AppendOnlyFileTests: XCTestCase {
  private let path = NSTemporaryDirectory() + "append-\(UUID().uuidString).jsonl"

  override func tearDown() { try? FileManager.default.removeItem(atPath: path) }

  func testGoesOnFromAnOffsetAndCutsWhatCameAfter() throws {
    var offset = 0
    do {
      let file = try AppendOnlyFile(path: path)
      try file.writeLine(["step": 1])
      offset = file.offset
      try file.writeLine(["step": 2])
    }
    let file = try AppendOnlyFile(path: path, offset: offset)
    try file.writeLine(["step": 3])
    XCTAssertEqual(try String(contentsOfFile: path, encoding: .utf8), "{\"step\": 1}\n{\"step\": 3}\n")
  }

  func testAnOffsetBehindTheEndIsRefusedAndFillsNothing() throws {
    try AppendOnlyFile(path: path).writeLine(["step": 1])
    let length = try Data(contentsOf: URL(fileURLWithPath: path)).count
    for offset in [length + 1, -1, Int.max] {
      XCTAssertThrowsError(try AppendOnlyFile(path: path, offset: offset)) { error in
        XCTAssertEqual((error as? Failure)?.kind, .badData)
      }
    }
    XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: path)).count, length)
  }

  /// A pipe that nobody reads would be waited for.
  func testPipesAndDevicesAreRefused() {
    XCTAssertEqual(mkfifo(path, 0o600), 0)
    for other in [path, "/dev/null"] {
      XCTAssertThrowsError(try AppendOnlyFile(path: other)) { error in
        XCTAssertEqual((error as? Failure)?.kind, .cannotWrite)
      }
    }
  }

  func testFolderThatIsNotThere() {
    XCTAssertThrowsError(try AppendOnlyFile(path: "\(path)/absent/file")) { error in
      XCTAssertEqual((error as? Failure)?.kind, .cannotWrite)
    }
  }
}
