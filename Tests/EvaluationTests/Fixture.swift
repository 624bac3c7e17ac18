import Basics
import Foundation
import XCTest

/// Files that the reference implementations made (Scripts/fixtures/make_metric_fixtures.py).
enum Fixture {
  static func path(_ name: String) throws -> String {
    try XCTUnwrap(Bundle.module.resourceURL).appendingPathComponent("Fixtures/\(name)").path
  }

  static func text(_ name: String) throws -> String { try read(path(name)) }

  static func json(_ name: String) throws -> JSONObject {
    try XCTUnwrap(JSONParser.parse(text(name)).objectValue)
  }

  /// The rows of a JSON-lines file.
  static func lines(_ name: String) throws -> [JSONValue] {
    try text(name).utf8.split(separator: 0x0A).map { try JSONParser.parse(String(Substring($0))) }
  }

  /// A file of the published data beside the package; the test is skipped where it is absent.
  static func shared(_ name: String) throws -> String {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    for parent in [
      package.deletingLastPathComponent(), package.deletingLastPathComponent().deletingLastPathComponent(),
    ] {
      let path = parent.appendingPathComponent("shared/data/\(name)").path
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    throw XCTSkip("published data ../shared/data/\(name) is not here")
  }

  static func read(_ path: String) throws -> String {
    let file = try MappedFile(path: path)
    return withExtendedLifetime(file) { String(decoding: file.bytes, as: UTF8.self) }
  }

  /// Runs `body` with a new folder that is removed afterwards.
  static func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = NSTemporaryDirectory() + "/unlearn-evaluation-\(UUID().uuidString)"
    try Folder.create(path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }
}

/// The numbers of a JSON array; a value that is no number fails the test.
func numbers(_ value: JSONValue?) throws -> [Double] {
  try XCTUnwrap(value?.arrayValue).map { try XCTUnwrap($0.doubleValue) }
}
