import LanguageModels
import Torch
import XCTest

final class SharedPrefixTests: XCTestCase {
  func testRowsBehindASharedPrefixEqualWholeRows() throws {
    for name in ["llama-gqa-tied", "olmo"] {
      let decoder = try Fixture(name).decoder()
      let limit = decoder.architecture.vocabularySize
      let prefix = (0..<70).map { ($0 * 7 + 3) % limit }
      let rows = [[1, 2, 3], [5], (0..<66).map { ($0 * 5 + 1) % limit }, [9, 9]]
      let shared = try SharedPrefix(decoder, tokens: prefix)
      // Twice: rows must leave the prefix as it was.
      for _ in 0..<2 {
        let found = try shared.lastHiddenStates(rows)
        for (index, row) in rows.enumerated() {
          let whole = try withoutGradient { try decoder.hiddenStates(PackedRows([prefix + row])) }
          let expected = try whole.selected(Tensor([prefix.count + row.count - 1]))
          let difference = try largestDifference(try found.selected(Tensor([index])), expected)
          XCTAssertLessThanOrEqual(difference, 1e-5, "\(name) row \(index)")
        }
      }
    }
  }

  func testWithoutAPrefix() throws {
    let decoder = try Fixture("llama-gqa-tied").decoder()
    let rows = [[1, 2, 3], [4, 5]]
    let found = try SharedPrefix(decoder, tokens: []).lastHiddenStates(rows)
    for (index, row) in rows.enumerated() {
      let whole = try withoutGradient { try decoder.hiddenStates(PackedRows([row])) }
      let expected = try whole.selected(Tensor([row.count - 1]))
      XCTAssertLessThanOrEqual(try largestDifference(try found.selected(Tensor([index])), expected), 1e-5)
    }
  }

  func testCommonLength() {
    XCTAssertEqual(SharedPrefix.commonLength([[1, 2, 3, 4], [1, 2, 5]]), 2)
    XCTAssertEqual(SharedPrefix.commonLength([[1, 2], [1, 2, 3]]), 1, "each row keeps a token of its own")
    XCTAssertEqual(SharedPrefix.commonLength([[1, 2, 3]]), 2)
    XCTAssertEqual(SharedPrefix.commonLength([[1], [1]]), 0)
    XCTAssertEqual(SharedPrefix.commonLength([]), 0)
  }
}
