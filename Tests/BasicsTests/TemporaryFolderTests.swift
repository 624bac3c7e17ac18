import Basics
import Foundation
import XCTest

final class TemporaryFolderTests: XCTestCase {
  func testIsOfThisUserAloneAndGoesWithItsFiles() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    defer { other.remove() }
    XCTAssertNotEqual(folder.path, other.path)
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int
    XCTAssertEqual(mode, 0o700)
    try "text".write(toFile: folder.file("file"), atomically: false, encoding: .utf8)
    folder.remove()
    XCTAssertFalse(FileManager.default.fileExists(atPath: folder.path))
  }
}
