import Basics
import Evaluation
import XCTest

final class PythonTextTests: XCTestCase {
  private func scalar(_ value: JSONValue?) throws -> Unicode.Scalar {
    try XCTUnwrap(Unicode.Scalar(UInt32(try XCTUnwrap(value?.intValue))))
  }

  func testStripsExactlyThePythonWhiteSpace() throws {
    let spaces = try Set(XCTUnwrap(Fixture.json("text.json")["spaces"]?.arrayValue).map { try scalar($0) })
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      XCTAssertEqual(PythonText.stripped(String(Character(scalar))).isEmpty, spaces.contains(scalar), "U+\(value)")
    }
    for pair in try XCTUnwrap(Fixture.json("text.json")["stripped"]?.arrayValue) {
      let texts = try XCTUnwrap(pair.arrayValue).map { try XCTUnwrap($0.stringValue) }
      XCTAssertEqual(Array(PythonText.stripped(texts[0]).utf8), Array(texts[1].utf8))
    }
  }

  func testLowersEveryCharacterAsPythonDoes() throws {
    for pair in try XCTUnwrap(Fixture.json("text.json")["lower"]?.arrayValue) {
      let fields = try XCTUnwrap(pair.arrayValue)
      let character = String(Character(try scalar(fields[0])))
      let expected = try XCTUnwrap(fields[1].stringValue)
      XCTAssertEqual(Array(PythonText.lowercased(character).utf8), Array(expected.utf8), "U+\(fields[0])")
    }
  }

  func testLowersPhrasesWithSigmaByContext() throws {
    for pair in try XCTUnwrap(Fixture.json("text.json")["phrases"]?.arrayValue) {
      let texts = try XCTUnwrap(pair.arrayValue).map { try XCTUnwrap($0.stringValue) }
      XCTAssertEqual(Array(PythonText.lowercased(texts[0]).utf8), Array(texts[1].utf8), texts[0].debugDescription)
    }
  }

  func testFloatsPrintAsInPython() throws {
    for pair in try XCTUnwrap(Fixture.json("text.json")["floats"]?.arrayValue) {
      let fields = try XCTUnwrap(pair.arrayValue)
      XCTAssertEqual(PythonText.representation(of: try XCTUnwrap(fields[1].doubleValue)), fields[0].stringValue)
    }
    XCTAssertEqual(PythonText.representation(of: .nan), "nan")
    XCTAssertEqual(PythonText.representation(of: -.infinity), "-inf")
  }
}
