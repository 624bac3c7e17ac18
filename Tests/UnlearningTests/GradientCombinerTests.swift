import Basics
import Unlearning
import XCTest

final class GradientCombinerTests: XCTestCase {
  private func statistics(_ retain: [Double], _ forget: [Double]) -> GradientStatistics {
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    return GradientStatistics(
      retainLoss: 1, forgetLoss: 1, retainNorm: dot(retain, retain).squareRoot(),
      forgetNorm: dot(forget, forget).squareRoot(), product: dot(retain, forget))
  }

  private func randomVectors(_ seed: UInt64) -> ([Double], [Double]) {
    var random = RandomStream(seed: seed)
    let scale = pow(10, Double(random.next(below: 9)) - 4)
    return (
      (0..<7).map { _ in random.nextUnit() - 0.5 }, (0..<7).map { _ in (random.nextUnit() - 0.5) * scale }
    )
  }

  func testNGDiffNeverHurtsRetainNorHelpsForget() throws {
    for seed in 0..<500 {
      let (retain, forget) = randomVectors(UInt64(seed))
      let statistics = statistics(retain, forget)
      let weights = try NormalizedGradientDifference().weights(statistics)
      XCTAssertGreaterThanOrEqual(statistics.retainProduct(weights), -1e-12)
      XCTAssertLessThanOrEqual(statistics.forgetProduct(weights), 1e-12)
      let direction = zip(retain, forget).map { weights.retain * $0 - weights.forget * $1 }
      let direct = zip(retain, direction).reduce(0) { $0 + $1.0 * $1.1 }
      XCTAssertEqual(statistics.retainProduct(weights), direct, accuracy: 1e-9)
      let square = direction.reduce(0) { $0 + $1 * $1 }
      XCTAssertEqual(statistics.squaredNorm(weights), square, accuracy: 1e-9)
    }
  }

  func testNGDiffRefusesZeroAndInfiniteGradients() {
    for norm in [0, Double.infinity, Double.nan] {
      let bad = GradientStatistics(retainLoss: 1, forgetLoss: 1, retainNorm: 1, forgetNorm: norm, product: 0)
      XCTAssertThrowsError(try NormalizedGradientDifference().weights(bad)) { error in
        XCTAssertTrue("\(error)".contains("forget gradient"))
      }
    }
  }

  func testEquation11GivesHalfTheRetainNorm() throws {
    for seed in 0..<200 {
      let (retain, forget) = randomVectors(UInt64(seed))
      let statistics = statistics(retain, forget)
      let weights = try NormalizedGradientDifference().weights(statistics)
      let decision = CandidateFit.decide(
        candidates: CandidateFit.defaultCandidates, rate: 1e-3, statistics: statistics, weights: weights)
      XCTAssertEqual(decision.outcome, .accepted)
      XCTAssertEqual(decision.after, statistics.retainNorm / 2, accuracy: 1e-6 * max(1, statistics.retainNorm))
    }
  }
}
