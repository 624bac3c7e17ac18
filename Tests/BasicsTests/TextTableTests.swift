import Basics
import XCTest

final class TextTableTests: XCTestCase {
  func testColumnsAlignByDisplayWidth() {
    var table = TextTable(columns: [.init("name", .left), .init("n")])
    table.add(["東京", "7"])
    table.add(["cafe\u{301}", "1234"])
    table.add(["a\u{1B}[31m\nb"])
    XCTAssertEqual(
      table.text,
      """
      name         n
      ────────  ────
      東京         7
      cafe\u{301}      1234
      a�[31m�b

      """)
  }

  func testDisplayWidth() {
    XCTAssertEqual(DisplayWidth.of(""), 0)
    XCTAssertEqual(DisplayWidth.of("abc"), 3)
    XCTAssertEqual(DisplayWidth.of("한국어"), 6)
    XCTAssertEqual(DisplayWidth.of("🦊"), 2)
    XCTAssertEqual(DisplayWidth.of("👩‍👩‍👧"), 2)
    XCTAssertEqual(DisplayWidth.of("ｆｕｌｌ"), 8)
    XCTAssertEqual(DisplayWidth.of("e\u{301}"), 1)
  }
}
