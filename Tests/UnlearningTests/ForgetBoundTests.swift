import LanguageModels
import Torch
import XCTest

import Unlearning

final class ForgetBoundTests: XCTestCase {
  private let batch = SampleBatch([
    Sample(id: "a", inputIDs: [1, 2, 3], labels: [-100, 2, 3]), Sample(id: "b", inputIDs: [4, 5], labels: [4, 5]),
  ])

  func testRowsAtTheBoundGiveNoGradient() throws {
    // Row a has mean loss 2, row b 5.
    let losses = try Tensor([Float](arrayLiteral: 1, 3, 5), shape: [3]).requiringGradient()
    let pass = try ForgetBound(limit: 4).apply(losses, batch)
    XCTAssertEqual(pass.activeRows, 1)
    XCTAssertEqual(pass.activeLabels, 2)
    XCTAssertEqual(pass.sum, 9)
    XCTAssertEqual(try pass.activeSum.item(), 4)
    XCTAssertEqual(try gradients(of: pass.activeSum, withRespectTo: [losses])[0].floats(), [1, 1, 0])
    XCTAssertEqual(try ForgetBound(limit: 2).apply(losses, batch).activeRows, 0)
  }

  func testWithoutABoundEveryRowCounts() throws {
    let losses = try Tensor([Float](arrayLiteral: 1, 3, 500), shape: [3]).requiringGradient()
    let pass = try ForgetBound(limit: nil).apply(losses, batch)
    XCTAssertEqual(pass.activeRows, 2)
    XCTAssertEqual(pass.activeLabels, 3)
    XCTAssertEqual(pass.sum, 504)
  }
}
