import Evaluation
import XCTest

final class PorterStemmerTests: XCTestCase {
  func testEveryWordOfTheFixtureStemsAsInNLTK() throws {
    let stemmer = PorterStemmer()
    var count = 0
    for line in try Fixture.text("stems.txt").utf8.split(separator: 0x0A) {
      let parts = line.split(separator: 0x20, omittingEmptySubsequences: false).map { String(Substring($0)) }
      let word = try XCTUnwrap(parts.first)
      XCTAssertEqual(Array(stemmer.stem(word).utf8), Array(try XCTUnwrap(parts.last).utf8), word)
      count += 1
    }
    XCTAssertGreaterThan(count, 9000)
  }

  func testIrregularWordsAndShortWordsLowerCaseOnly() {
    let stemmer = PorterStemmer()
    XCTAssertEqual(stemmer.stem("Dying"), "die")
    XCTAssertEqual(stemmer.stem("IS"), "is")
    XCTAssertEqual(stemmer.stem(""), "")
  }
}
