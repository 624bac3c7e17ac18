import Basics
import Foundation
import Torch
import Unlearning
import XCTest

/// Both optimisers against those of PyTorch (Scripts/fixtures/make_optimizer_fixtures.py), with weight decay and without.
final class OptimizerTests: XCTestCase {
  func testEqualPyTorch() throws {
    let path = try XCTUnwrap(Bundle.module.resourceURL).appendingPathComponent("Fixtures/optimizers.json").path
    let fixture = try XCTUnwrap(JSONParser.parse(file: path).objectValue)
    let steps = try XCTUnwrap(fixture["gradients"]?.arrayValue)
    let cases = try XCTUnwrap(fixture["cases"]?.arrayValue).compactMap(\.objectValue)
    XCTAssertEqual(cases.count, 4)
    for wanted in cases {
      let name = try XCTUnwrap(wanted["name"]?.stringValue)
      let rate = try XCTUnwrap(wanted["learning_rate"]?.doubleValue)
      let decay = try XCTUnwrap(wanted["weight_decay"]?.doubleValue)
      let weights = try vector(fixture["start"])
      let optimizer: any BaseOptimizer =
        name == "sgd" ? PlainSGD(weightDecay: decay) : try AdamW(for: weights, weightDecay: decay)
      let after = try XCTUnwrap(wanted["weights"]?.arrayValue)
      XCTAssertEqual(after.count, steps.count)
      for (index, step) in steps.enumerated() {
        let update = try vector(step)
        try optimizer.transform(update, parameters: weights)
        try weights.add(update, scale: -rate)
        for (found, expected) in zip(weights.tensors, try vector(after[index]).tensors) {
          let difference = try zip(found.floats(), expected.floats()).map { abs($0 - $1) }.max() ?? .infinity
          XCTAssertLessThanOrEqual(difference, 2e-6, "\(name), weight decay \(decay), step \(index + 1)")
        }
      }
      XCTAssertEqual(optimizer.step, steps.count)
    }
  }

  private func vector(_ value: JSONValue?) throws -> ParameterVector {
    ParameterVector(
      try XCTUnwrap(value?.arrayValue).map { tensor in
        try Tensor((tensor.arrayValue ?? []).compactMap(\.doubleValue).map { Float($0) })
      })
  }
}
