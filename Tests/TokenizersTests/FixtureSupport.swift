import Basics
import Foundation
import Tokenizers
import XCTest

/// What the reference library gives for the shared strings with one tokenizer.
struct ExpectedTokens {
  /// The first characters of a SHA-256 for every string.
  let digests: [String]
  let full: [(ids: [Int], decoded: String)]

  static let digestLength = 10

  init(name: String) throws {
    let location = Location(file: "expected-\(name).json")
    let object = try XCTUnwrap(try Fixtures.json("expected-\(name)").objectValue)
    let characters = Array(try object.string("digests", at: location))
    digests = stride(from: 0, to: characters.count, by: Self.digestLength).map {
      String(characters[$0..<min($0 + Self.digestLength, characters.count)])
    }
    full = try object.array("full", at: location).map { value in
      let record = try XCTUnwrap(value.objectValue)
      return (try record.array("ids", at: location).compactMap(\.intValue), try record.string("decoded", at: location))
    }
  }
}

enum Fixtures {
  static func path(_ name: String) throws -> String {
    try XCTUnwrap(Bundle.module.path(forResource: name, ofType: "json", inDirectory: "Fixtures"))
  }

  static func json(_ name: String) throws -> JSONValue {
    let file = try MappedFile(path: try path(name))
    return try withExtendedLifetime(file) { try JSONParser.parse(file.bytes, at: Location(file: name)) }
  }

  static func strings() throws -> [String] {
    try XCTUnwrap(try json("strings").arrayValue).compactMap(\.stringValue)
  }

  /// The root of this package, from the place of this file.
  static var packageRoot: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }
}

extension XCTestCase {
  /// Compares ids and both decodings of every shared string with the reference's.
  func assertMatchesReference(
    _ tokenizer: Tokenizer, _ name: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let strings = try Fixtures.strings()
    let expected = try ExpectedTokens(name: name)
    XCTAssertGreaterThanOrEqual(strings.count, 2_000, file: file, line: line)
    XCTAssertEqual(strings.count, expected.digests.count, file: file, line: line)
    for (text, record) in zip(strings, expected.full) {
      let ids = tokenizer.encode(text)
      XCTAssertEqual(ids, record.ids, "ids of \(text.debugDescription)", file: file, line: line)
      let decoded = tokenizer.decode(ids, skipSpecialTokens: true, cleanUpTokenizationSpaces: false)
      XCTAssertEqual(Array(decoded.utf8), Array(record.decoded.utf8), "\(ids)", file: file, line: line)
    }
    var different: [Int] = []
    for (index, (text, digest)) in zip(strings, expected.digests).enumerated() {
      let ids = tokenizer.encode(text)
      let plain = tokenizer.decode(ids, skipSpecialTokens: true, cleanUpTokenizationSpaces: false)
      let whole = tokenizer.decode(ids, skipSpecialTokens: false, cleanUpTokenizationSpaces: false)
      let record = ids.map(String.init).joined(separator: ",") + "|" + plain + "|" + whole
      if SHA256.hexDigest(of: record).prefix(ExpectedTokens.digestLength) != digest { different.append(index) }
    }
    XCTAssertEqual(different, [], "strings with other ids or text", file: file, line: line)
  }
}
