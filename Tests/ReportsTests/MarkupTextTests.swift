import Reports
import XCTest

final class MarkupTextTests: XCTestCase {
  func testMarkupIsEscapedEvenUnderCombiningMarks() {
    XCTAssertEqual(MarkupText.escaped("<a href='x'>&\"</a>"), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt;")
    XCTAssertEqual(MarkupText.escaped("\"\u{301}<\u{301}"), "&quot;\u{301}&lt;\u{301}")
  }

  func testControlCharactersAreLeftOut() {
    XCTAssertEqual(MarkupText.escaped("a\u{0}b\u{1B}[1m\nc\td\u{85}\u{202E}\u{FFFE}e"), "ab[1m c de")
    XCTAssertEqual(MarkupText.escaped("東京 🦊 é"), "東京 🦊 é")
  }

  func testShorteningCountsColumns() {
    XCTAssertEqual(MarkupText.shortened("abcdef", to: 6), "abcdef")
    XCTAssertEqual(MarkupText.shortened("abcdefg", to: 6), "abcde…")
    XCTAssertEqual(MarkupText.shortened("東京都庁", to: 6), "東京…")
  }
}
