import Basics
import Foundation
import XCTest

final class FolderLockTests: XCTestCase {
  private let folder = NSTemporaryDirectory() + "lock-\(UUID().uuidString)"

  override func setUpWithError() throws { try Folder.create(folder) }
  override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

  func testOneWriterAtATime() throws {
    let first = try FolderLock(folder)
    XCTAssertThrowsError(try FolderLock(folder)) { error in
      XCTAssertEqual((error as? Failure)?.kind, .cannotWrite)
    }
    withExtendedLifetime(first) {}
  }

  func testIsFreeAgainWhenReleased() throws {
    do {
      let first = try FolderLock(folder)
      withExtendedLifetime(first) {}
    }
    _ = try FolderLock(folder)
  }

  func testWhatIsNoFolder() throws {
    XCTAssertThrowsError(try FolderLock("\(folder)/absent")) { error in
      XCTAssertEqual((error as? Failure)?.kind, .missingInput)
    }
  }
}
