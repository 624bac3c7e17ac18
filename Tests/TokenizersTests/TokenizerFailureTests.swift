import Basics
import Foundation
import Tokenizers
import XCTest

/// Wrong files: each gives one failure that names the file and the line or field.
final class TokenizerFailureTests: XCTestCase {
  private var folder = URL(fileURLWithPath: NSTemporaryDirectory())

  override func setUpWithError() throws {
    folder = folder.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws { try FileManager.default.removeItem(at: folder) }

  private func write(_ text: String, _ name: String = "tokenizer.json") throws -> String {
    let url = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  /// A small tokenizer.json with the given model fields and further members.
  private func document(
    vocabulary: String = #"{"a":0,"b":1,"ab":2}"#, merges: String = #"["a b"]"#, model: String = "",
    extra: String = ""
  ) -> String {
    #"{\#(extra)"model":{"type":"BPE",\#(model)"vocab":\#(vocabulary),"merges":\#(merges)}}"#
  }

  private func failure(of text: String, line: UInt = #line) throws -> Failure {
    let path = try write(text)
    var found: Failure?
    XCTAssertThrowsError(try Tokenizer(tokenizerJSON: path), line: line) { found = $0 as? Failure }
    let failure = try XCTUnwrap(found, line: line)
    XCTAssertEqual(failure.location.file, path, line: line)
    XCTAssertEqual(failure.kind, .badData, line: line)
    return failure
  }

  private func assertFailure(_ text: String, field: String, contains part: String = "", line: UInt = #line) throws {
    let failure = try failure(of: text, line: line)
    XCTAssertEqual(failure.location.field, field, line: line)
    XCTAssertTrue(part.isEmpty || failure.message.contains(part), failure.description, line: line)
  }

  func testTheSmallDocumentIsRead() throws {
    let tokenizer = try Tokenizer(tokenizerJSON: try write(document()))
    XCTAssertEqual(tokenizer.encode("abba"), [2, 1, 0])
    XCTAssertEqual(tokenizer.vocabularySize, 3)
  }

  func testMissingFileAndFolder() throws {
    for make in [{ try Tokenizer(tokenizerJSON: $0) }, { try Tokenizer(folder: $0) }] {
      let path = folder.appendingPathComponent("nothing").path
      XCTAssertThrowsError(try make(path)) { error in
        XCTAssertEqual((error as? Failure)?.kind, .missingInput)
        XCTAssertEqual((error as? Failure)?.location.file, path)
      }
    }
  }

  func testFolderWithoutTokenizer() {
    XCTAssertThrowsError(try Tokenizer(folder: folder.path)) { error in
      XCTAssertEqual((error as? Failure)?.kind, .missingInput)
      XCTAssertEqual((error as? Failure)?.location.file?.hasSuffix("tokenizer.json"), true)
    }
  }

  func testBrokenJSONNamesTheLine() throws {
    XCTAssertEqual(try failure(of: "{\n\"model\": {\n\"type\" \"BPE\"}}").location.line, 3)
    XCTAssertEqual(try failure(of: "").location.line, 1)
    XCTAssertEqual(try failure(of: "{\"model\":\n").location.line, 2)
  }

  func testUnknownTypesAreNamedWithTheSupportedOnes() throws {
    for key in ["normalizer", "pre_tokenizer", "post_processor", "decoder"] {
      let text = document(extra: #""\#(key)":{"type":"Sparkle"},"#)
      try assertFailure(text, field: "\(key).type", contains: "Sparkle")
      XCTAssertEqual(try failure(of: text).hint?.contains("Sequence"), true)
    }
    try assertFailure(#"{"model":{"type":"Unigram","vocab":[]}}"#, field: "model.type", contains: "Unigram")
    try assertFailure(
      document(extra: #""normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Sparkle"}]},"#),
      field: "normalizer.normalizers[1].type", contains: "Sparkle")
  }

  func testMergesMustNameTokens() throws {
    try assertFailure(document(merges: #"["a b","a z"]"#), field: "model.merges[1]", contains: "'z'")
    try assertFailure(document(merges: #"[["b","a"]]"#), field: "model.merges[0]", contains: "'ba'")
    try assertFailure(document(merges: #"["ab"]"#), field: "model.merges[0]", contains: "expected")
    try assertFailure(document(merges: #"[["a"]]"#), field: "model.merges[0]", contains: "expected")
    try assertFailure(document(merges: "[7]"), field: "model.merges[0]", contains: "an integer")
    try assertFailure(document(merges: "{}"), field: "model.merges", contains: "an object")
  }

  func testVocabularyIDs() throws {
    for id in ["-1", "1.5", #""0""#, "null", "9000000", "1e300", "99999999999999999999"] {
      try assertFailure(document(vocabulary: #"{"a":\#(id)}"#, merges: "[]"), field: "model.vocab.a")
    }
    try assertFailure(
      document(vocabulary: #"{"a":0,"b":0}"#, merges: "[]"), field: "model.vocab.b", contains: "already")
    try assertFailure(document(vocabulary: "[]"), field: "model.vocab", contains: "an array")
  }

  func testWrongFieldTypes() throws {
    try assertFailure("{}", field: "model", contains: "missing")
    try assertFailure(#"{"model":[]}"#, field: "model", contains: "an array")
    try assertFailure(document(model: #""unk_token":3,"#), field: "model.unk_token", contains: "a string")
    try assertFailure(document(model: #""unk_token":"?","#), field: "model.unk_token", contains: "'?'")
    try assertFailure(document(model: #""byte_fallback":1,"#), field: "model.byte_fallback")
    try assertFailure(document(model: #""dropout":0.1,"#), field: "model.dropout")
    try assertFailure(
      document(extra: #""decoder":{"type":"Strip","content":" ","start":-1,"stop":0},"#), field: "decoder.start")
    try assertFailure(
      document(extra: #""pre_tokenizer":{"type":"Split","pattern":{"Regex":"(("},"behavior":"Isolated"},"#),
      field: "pre_tokenizer.pattern.Regex", contains: "compile")
    try assertFailure(
      document(extra: #""pre_tokenizer":{"type":"Split","pattern":{"String":"x"},"behavior":"Odd"},"#),
      field: "pre_tokenizer.behavior", contains: "Isolated")
    try assertFailure(document(extra: #""added_tokens":[{"id":3}],"#), field: "added_tokens[0].content")
    try assertFailure(document(extra: #""added_tokens":{},"#), field: "added_tokens", contains: "an object")
    XCTAssertTrue(try failure(of: "[]").message.contains("an array"))
  }

  /// Twelve of these make a million million letters of one.
  func testReplacementsOfReplacementsHaveALimit() throws {
    func normalizer(_ count: Int) -> String {
      let replace = #"{"type":"Replace","pattern":{"String":"a"},"content":"aaaaaaaaaa"}"#
      let parts = Array(repeating: replace, count: count).joined(separator: ",")
      return document(extra: #""normalizer":{"type":"Sequence","normalizers":[\#(parts)]},"#)
    }
    XCTAssertEqual(try Tokenizer(tokenizerJSON: try write(normalizer(3))).encode("a").count, 1000)
    try assertFailure(normalizer(12), field: "normalizer", contains: "1000000000000 times")
    try assertFailure(normalizer(400), field: "normalizer", contains: "times as long")
  }

  func testCharactersWithoutToken() throws {
    let tokenizer = try Tokenizer(tokenizerJSON: try write(document()))
    XCTAssertEqual(tokenizer.encode("azb"), try tokenizer.encodeStrictly("ab"))
    XCTAssertThrowsError(try tokenizer.encodeStrictly("azb")) { error in
      XCTAssertFalse("\(error)".contains("azb"))
    }
  }

  func testSpecialTokensOfTheFolder() throws {
    _ = try write(document())
    _ = try write(#"{"eos_token":{"content":"ab"},"pad_token":null}"#, "tokenizer_config.json")
    _ = try write(#"{"bos_token_id":1,"eos_token_id":[0,1],"pad_token_id":0}"#, "generation_config.json")
    let tokenizer = try Tokenizer(folder: folder.path)
    XCTAssertEqual(tokenizer.eosTokenID, 2)
    XCTAssertEqual(tokenizer.bosTokenID, 1)
    XCTAssertEqual(tokenizer.padTokenID, 0)
    // −1 stands for no token.
    _ = try write(#"{"bos_token_id":1,"eos_token_id":[0,1],"pad_token_id":-1}"#, "generation_config.json")
    XCTAssertNil(try Tokenizer(folder: folder.path).padTokenID)
    // A token that the tokenizer lacks is passed over where an id is known from elsewhere.
    let path = try write(#"{"eos_token":"gone","pad_token":"gone"}"#, "tokenizer_config.json")
    XCTAssertEqual(try Tokenizer(folder: folder.path).eosTokenID, 0)
    _ = try write("{}", "generation_config.json")
    XCTAssertThrowsError(try Tokenizer(folder: folder.path)) { error in
      XCTAssertEqual((error as? Failure)?.location, Location(file: path, field: "eos_token"))
    }
  }
}
