import Basics
import Foundation
import XCTest

/// The path of a committed fixture.
func fixture(_ name: String) -> String {
  Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)").path
}

/// The folder of published data beside the package (or beside a folder around it); skips the test where it is absent.
func sharedData(_ path: String, file: String = #filePath) throws -> String {
  var folder = URL(fileURLWithPath: file)
  for _ in 0..<6 {
    folder.deleteLastPathComponent()
    let candidate = folder.appendingPathComponent("shared/data/\(path)").path
    if FileManager.default.fileExists(atPath: candidate) { return candidate }
  }
  throw XCTSkip("the published data '../shared/data/\(path)' are not on this machine")
}

/// A test case with a temporary folder of its own.
class FolderTestCase: XCTestCase {
  private(set) var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "datasets-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws { try FileManager.default.removeItem(atPath: folder) }

  /// Writes bytes to a file in the folder and returns its path.
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let path = "\(folder)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  func write(_ text: String, to name: String) throws -> String { try write(text.utf8, to: name) }
}

/// The failure that a body throws.
func failure(
  file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Void
) throws -> Failure {
  var caught: Failure?
  do { try body() } catch let failure as Failure { caught = failure }
  return try XCTUnwrap(caught, "no failure was thrown", file: file, line: line)
}
