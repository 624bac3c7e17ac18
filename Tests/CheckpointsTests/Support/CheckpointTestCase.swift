import Basics
import Foundation
import XCTest

/// A test with a folder of its own, removed afterwards.
class CheckpointTestCase: XCTestCase {
  private(set) var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "checkpoints-" + UUID().uuidString
    try Folder.create(folder)
  }

  override func tearDownWithError() throws { try FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func fixture(_ name: String) throws -> String {
    try XCTUnwrap(Bundle.module.resourceURL).appendingPathComponent("Fixtures/\(name)").path
  }

  func bytes(ofFile path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

  func json(_ path: String) throws -> JSONValue { try JSONParser.parse(MappedFile(path: path).bytes) }

  @discardableResult
  func write(_ bytes: [UInt8], _ name: String = "test") throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  /// The body must throw a ``Failure`` of this kind whose text holds every one of `parts`.
  func assertFailure(
    _ kind: Failure.Kind = .badData, _ parts: String..., file: StaticString = #filePath, line: UInt = #line,
    _ body: () throws -> Void
  ) {
    XCTAssertThrowsError(try body(), file: file, line: line) { error in
      guard let failure = error as? Failure else { return XCTFail("\(error)", file: file, line: line) }
      XCTAssertEqual(failure.kind, kind, failure.description, file: file, line: line)
      for part in parts {
        XCTAssertTrue(failure.description.contains(part), "'\(part)' is not in: \(failure)", file: file, line: line)
      }
    }
  }

  /// The body may succeed; what it throws must be a ``Failure`` that names the file.
  func assertNoOtherError(_ path: String, file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Void)
  {
    do { try body() } catch let failure as Failure {
      XCTAssertEqual(failure.location.file, path, failure.description, file: file, line: line)
    } catch { XCTFail("\(error)", file: file, line: line) }
  }
}

/// The little-endian bytes of an integer.
func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
