import Basics
import Foundation
import Tokenizers
import XCTest

final class TokenizerTests: XCTestCase {
  private func assertFixtureMatches(_ name: String) throws {
    try assertMatchesReference(try Tokenizer(tokenizerJSON: try Fixtures.path("tokenizer-\(name)")), name)
  }

  func testByteLevelWithAddedTokens() throws { try assertFixtureMatches("byte-level") }
  func testSplitExpressionIgnoringMerges() throws { try assertFixtureMatches("split-expression") }
  func testByteFallback() throws { try assertFixtureMatches("byte-fallback") }
  func testMetaspace() throws { try assertFixtureMatches("metaspace") }
  func testWordEndsAndUnknownTokens() throws { try assertFixtureMatches("word-ends") }

  func testOLMo() throws {
    let path = Fixtures.packageRoot.deletingLastPathComponent()
      .appendingPathComponent("shared/data/tokenizers/olmo.json").path
    guard FileManager.default.fileExists(atPath: path) else {
      throw XCTSkip("../shared/data/tokenizers/olmo.json is not there")
    }
    let tokenizer = try Tokenizer(tokenizerJSON: path)
    XCTAssertEqual(tokenizer.idForToken("<|endoftext|>"), 50279)
    try assertMatchesReference(tokenizer, "olmo")
  }

  func testSmolLM2() throws {
    let path = Fixtures.packageRoot.appendingPathComponent(".models/smollm2-135m/tokenizer.json").path
    guard FileManager.default.fileExists(atPath: path) else {
      throw XCTSkip(".models/smollm2-135m/tokenizer.json is not there: run the set-up script")
    }
    try assertMatchesReference(try Tokenizer(tokenizerJSON: path), "smollm2")
  }

  func testSpecialTokensAreLeftOutOnRequest() throws {
    let tokenizer = try Tokenizer(tokenizerJSON: try Fixtures.path("tokenizer-split-expression"))
    let ids = tokenizer.encode("a b")
    XCTAssertEqual(ids.first, 0)
    XCTAssertEqual(ids.last, 1)
    XCTAssertEqual(tokenizer.encode("a b", addSpecialTokens: false), Array(ids.dropFirst().dropLast()))
    XCTAssertEqual(tokenizer.decode(ids, skipSpecialTokens: true, cleanUpTokenizationSpaces: false), "a b")
    XCTAssertEqual(tokenizer.decode(ids, skipSpecialTokens: false, cleanUpTokenizationSpaces: false), "<s>a b</s>")
  }

  func testIdsOutsideTheVocabularyAreLeftOut() throws {
    let tokenizer = try Tokenizer(tokenizerJSON: try Fixtures.path("tokenizer-byte-level"))
    let ids = [-1, Int.max, Int.min, tokenizer.vocabularySize] + tokenizer.encode("ab")
    XCTAssertEqual(tokenizer.decode(ids, skipSpecialTokens: true, cleanUpTokenizationSpaces: false), "ab")
    XCTAssertNil(tokenizer.tokenForID(-1))
    XCTAssertNil(tokenizer.tokenForID(tokenizer.vocabularySize))
  }

  func testCleanUpReplacesInOrder() {
    XCTAssertEqual(
      Tokenizer.cleanUpTokenizationSpaces("a . b ? c ! d , e ' f do n't I 'm it 's we 've you 're"),
      "a. b? c! d, e'f don't I'm it's we've you're")
  }

  func testManyThreadsGiveTheSameIDs() throws {
    let tokenizer = try Tokenizer(tokenizerJSON: try Fixtures.path("tokenizer-byte-level"))
    let strings = Array(try Fixtures.strings().prefix(200))
    let expected = strings.map { tokenizer.encode($0) }
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      XCTAssertEqual(strings.map { tokenizer.encode($0) }, expected)
    }
  }
}
