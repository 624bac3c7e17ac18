import Basics
import Foundation
import Torch
import XCTest

/// The fused kernel against its composition and against float64 arithmetic.
final class HeadTokenStatisticsTests: XCTestCase {
  private struct Case {
    let hidden: Tensor
    let weight: Tensor
    let targets: [Int]

    init(rows: Int, width: Int, vocabulary: Int, scale: Float = 1, dtype: DType = .float32) throws {
      var random = RandomStream(seed: UInt64(rows * vocabulary))
      func values(_ count: Int) -> [Float] { (0..<count).map { _ in (Float(random.nextUnit()) * 2 - 1) * scale } }
      hidden = try Tensor(values(rows * width), shape: [rows, width]).converted(to: dtype)
      weight = try Tensor(values(vocabulary * width), shape: [vocabulary, width]).converted(to: dtype)
      targets = (0..<rows).map { _ in random.next(below: vocabulary) }
    }

    func statistics(chunk: Int = 128) throws -> HeadTokenStatistics {
      try hidden.headTokenStatistics(weight: weight, targets: Tensor(targets), chunk: chunk)
    }

    func logits() throws -> [[Double]] {
      let (rows, vocabulary) = (hidden.shape[0], weight.shape[0])
      let values = try hidden.linear(weight).floats().map(Double.init)
      return (0..<rows).map { Array(values[$0 * vocabulary..<($0 + 1) * vocabulary]) }
    }
  }

  private func check(_ found: [Float], _ expected: [Double], _ accuracy: Double, _ label: String) {
    XCTAssertEqual(found.count, expected.count)
    for (index, (one, other)) in zip(found, expected).enumerated() {
      XCTAssertEqual(Double(one), other, accuracy: accuracy * max(1, abs(other)), "\(label) \(index)")
    }
  }

  private func checkAgainstFloat64(_ example: Case, _ label: String) throws {
    let found = try example.statistics()
    var (losses, means, variances, predictions) = ([Double](), [Double](), [Double](), [Int]())
    for (row, target) in zip(try example.logits(), example.targets) {
      let maximum = row.max() ?? 0
      let normalizer = log(row.reduce(0) { $0 + exp($1 - maximum) }) + maximum
      let mean = row.reduce(0) { $0 + exp($1 - normalizer) * ($1 - normalizer) }
      losses.append(normalizer - row[target])
      means.append(mean)
      variances.append(
        row.reduce(0) { $0 + exp($1 - normalizer) * ($1 - normalizer) * ($1 - normalizer) } - mean * mean)
      predictions.append(row.firstIndex(of: maximum) ?? -1)
    }
    check(try found.losses.floats(), losses, 2e-6, "\(label) loss")
    check(try found.means.floats(), means, 2e-6, "\(label) mean")
    check(try found.variances.floats(), variances, 5e-6, "\(label) variance")
    XCTAssertEqual(try found.predictions.integers(), predictions, label)
  }

  func testEqualsFloat64ArithmeticForEverySizeOfVocabulary() throws {
    for vocabulary in [1, 3, 16, 37, 1000] {
      try checkAgainstFloat64(Case(rows: 300, width: 24, vocabulary: vocabulary), "float32 \(vocabulary)")
    }
    try checkAgainstFloat64(Case(rows: 40, width: 24, vocabulary: 500, scale: 3), "confident")
    try checkAgainstFloat64(Case(rows: 100, width: 24, vocabulary: 333, dtype: .bfloat16), "bfloat16")
  }

  func testFusedEqualsComposition() throws {
    for dtype in [DType.float32, .bfloat16] {
      let example = try Case(rows: 300, width: 32, vocabulary: 700, dtype: dtype)
      let fused = try example.statistics()
      let composed = try Runtime.withComposedLayers { try example.statistics() }
      for (one, other) in [
        (fused.losses, composed.losses), (fused.means, composed.means), (fused.variances, composed.variances),
      ] {
        check(try one.floats(), try other.floats().map(Double.init), 5e-6, "\(dtype)")
      }
      XCTAssertEqual(try fused.predictions.integers(), try composed.predictions.integers())
    }
  }

  func testAgreesWithTheLossOfTraining() throws {
    let example = try Case(rows: 50, width: 16, vocabulary: 90)
    let losses = try example.hidden.headCrossEntropy(weight: example.weight, targets: Tensor(example.targets))
    XCTAssertEqual(try example.statistics().losses.floats(), try losses.floats())
  }

  func testChunksDoNotChangeTheResult() throws {
    let example = try Case(rows: 10, width: 8, vocabulary: 20)
    let whole = try example.statistics()
    for chunk in [1, 3, 10] {
      let parts = try example.statistics(chunk: chunk)
      check(try parts.variances.floats(), try whole.variances.floats().map(Double.init), 1e-6, "chunk \(chunk)")
      XCTAssertEqual(try parts.predictions.integers(), try whole.predictions.integers())
    }
  }

  func testNotANumberStaysOne() throws {
    let hidden = try Tensor([Float.nan, 1], shape: [2, 1])
    let found = try hidden.headTokenStatistics(
      weight: Tensor([Float(1), 2, 3], shape: [3, 1]), targets: Tensor([0, 2]))
    XCTAssertTrue(try found.losses.floats()[0].isNaN)
    XCTAssertTrue(try found.variances.floats()[0].isNaN)
    XCTAssertEqual(try found.predictions.integers(), [-1, 2])
  }

  func testNoRowsAndBadTargets() throws {
    let weight = try Tensor.zeros([5, 4])
    let none = try Tensor.zeros([0, 4]).headTokenStatistics(weight: weight, targets: Tensor([Int]()))
    XCTAssertEqual(try none.losses.floats(), [])
    for target in [-1, 5] {
      XCTAssertThrowsError(try Tensor.zeros([1, 4]).headTokenStatistics(weight: weight, targets: Tensor([target]))) {
        XCTAssertTrue("\($0)".contains("outside the vocabulary"), "\($0)")
      }
    }
    XCTAssertThrowsError(try Tensor.zeros([1, 3]).headTokenStatistics(weight: weight, targets: Tensor([0])))
  }
}
