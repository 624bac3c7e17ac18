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

  func testFolderThatIsNotThere() {
    XCTAssertThrowsError(try AppendOnlyFile(path: "\(path)/absent/file")) { error in
      XCTAssertEqual((error as? Failure)?.kind, .cannotWrite)
    }
  }
}
