import Basics
import Foundation
import Tokenizers
import XCTest

/// Parity with `tokenizers` where regular expressions mean something else to Oniguruma than to Foundation, and with
/// transformers where files beside tokenizer.json name tokens.
final class ExpressionTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "expressions-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws { try FileManager.default.removeItem(atPath: folder) }

  private func write(_ name: String, _ text: String) throws {
    try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
  }

  private func fixture() throws -> JSONObject { try XCTUnwrap(try Fixtures.json("expressions").objectValue) }

  private func ids(_ record: JSONObject) throws -> [(text: String, ids: [Int])] {
    let location = Location(file: "expressions.json")
    let texts = try record.array("texts", at: location).compactMap(\.stringValue)
    let ids = try record.array("ids", at: location).map { $0.arrayValue?.compactMap(\.intValue) ?? [] }
    XCTAssertEqual(texts.count, ids.count)
    return Array(zip(texts, ids))
  }

  func testExpressionsCutAsOnigurumaDoes() throws {
    let location = Location(file: "expressions.json")
    let records = try fixture().array("expressions", at: location).compactMap(\.objectValue)
    XCTAssertGreaterThan(records.count, 10)
    for record in records {
      try write("tokenizer.json", try record.string("tokenizer", at: location))
      let tokenizer = try Tokenizer(folder: folder)
      let expression = try record.string("expression", at: location)
      for (text, ids) in try ids(record) {
        XCTAssertEqual(tokenizer.encode(text), ids, "\(expression) in \(text.debugDescription)")
      }
    }
  }

  func testTokensThatTokenizerConfigNamesAreFoundAndLeftOut() throws {
    let location = Location(file: "expressions.json")
    let record = try fixture().object("named", at: location)
    try write("tokenizer.json", try record.string("tokenizer", at: location))
    try write("tokenizer_config.json", try record.string("configuration", at: location))
    let tokenizer = try Tokenizer(folder: folder)
    let decoded = try record.array("decoded", at: location).compactMap(\.stringValue)
    for ((text, ids), plain) in zip(try ids(record), decoded) {
      XCTAssertEqual(tokenizer.encode(text), ids, text)
      XCTAssertEqual(tokenizer.decode(ids, skipSpecialTokens: true, cleanUpTokenizationSpaces: false), plain)
    }
    XCTAssertEqual(tokenizer.eosTokenID, 257)
    XCTAssertNil(tokenizer.padTokenID)
  }

  /// As in the reference, of two tokens that swallow the whitespace between them the second is not there any more.
  func testAWhitespaceTokenThatWasSwallowedComesOnce() throws {
    try write(
      "tokenizer.json",
      #"{"added_tokens":[{"id":1,"content":"\n","single_word":false,"lstrip":true,"rstrip":true,"normalized":false,"special":false}],"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}"#
    )
    XCTAssertEqual(try Tokenizer(folder: folder).encode("a\n\n\na\na"), [0, 1, 0, 1, 0])
  }
}
