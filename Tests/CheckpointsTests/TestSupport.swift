import Basics
import Foundation
import XCTest

/// A fixture made by Scripts/fixtures/make_checkpoint_fixtures.py.
func fixture(_ name: String) throws -> String {
  let folder = try XCTUnwrap(Bundle.module.resourceURL).appendingPathComponent("Fixtures")
  return folder.appendingPathComponent(name).path
}

/// A folder of a test's own, removed when the test ends.
func temporaryFolder(_ test: XCTestCase) throws -> String {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("checkpoints-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  test.addTeardownBlock { try? FileManager.default.removeItem(atPath: folder) }
  return folder
}

func contents(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

/// Fails unless `body` throws a `Failure` of this kind whose description holds every one of `words`.
func assertFailure<Result>(
  _ kind: Failure.Kind, _ words: String..., file: StaticString = #filePath, line: UInt = #line,
  _ body: () throws -> Result
) {
  do {
    _ = try body()
    XCTFail("expected a failure", file: file, line: line)
  } catch let failure as Failure {
    XCTAssertEqual(failure.kind, kind, failure.description, file: file, line: line)
    for word in words where !failure.description.contains(word) {
      XCTFail("expected '\(word)' in: \(failure.description)", file: file, line: line)
    }
  } catch {
    XCTFail("expected a Failure, found \(error)", file: file, line: line)
  }
}

/// Runs `body`; any error but a `Failure` fails the test. Returns true when nothing was thrown.
@discardableResult
func succeedsOrFails(file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Void) -> Bool {
  do {
    try body()
    return true
  } catch is Failure {
    return false
  } catch {
    XCTFail("expected a Failure, found \(error)", file: file, line: line)
    return false
  }
}

extension [UInt8] {
  /// Little-endian bytes of an integer.
  init<Value: FixedWidthInteger>(_ value: Value) { self = Swift.withUnsafeBytes(of: value.littleEndian) { Array($0) } }
}
