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

  func testClippedDirectionsPointWhereTheyDid() throws {
    for seed in 0..<200 {
      let (retain, forget) = randomVectors(UInt64(seed))
      let statistics = statistics(retain, forget)
      let weights = CombinationWeights(retain: 0.7, forget: 0.3)
      let norm = statistics.squaredNorm(weights).squareRoot()
      for share in [0.1, 10] {
        let clipped = statistics.clipped(weights, to: share * norm)
        // torch.nn.utils.clip_grad_norm_: min(1, limit / (norm + 1e-6))
        let factor = min(1, share * norm / (norm + 1e-6))
        XCTAssertEqual(clipped.retain, factor * 0.7, accuracy: 1e-9)
        XCTAssertEqual(clipped.forget, factor * 0.3, accuracy: 1e-9)
      }
      XCTAssertEqual(statistics.clipped(weights, to: nil), weights)
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
        candidates: CandidateFit.defaultCandidates, rate: 1e-3, statistics: statistics, weights: weights,
        rails: GuardRails(minimum: 0, maximum: .infinity))
      XCTAssertEqual(decision.outcome, .accepted)
      XCTAssertEqual(decision.after, statistics.retainNorm / 2, accuracy: 1e-6 * max(1, statistics.retainNorm))
    }
  }

  func testEquation11StaysWithinItsBoundsAndNeverGoesBack() {
    func decide(_ forget: [Double], _ weights: CombinationWeights) -> LearningRateDecision {
      CandidateFit.decide(
        candidates: CandidateFit.defaultCandidates, rate: 1e-3, statistics: statistics([0.4, 0.3], forget),
        weights: weights,
        rails: GuardRails(minimum: 1e-4, maximum: 4e-3))
    }
    let unit = CombinationWeights(retain: 2, forget: 0)
    XCTAssertEqual(decide([1, 0], unit).after, 4e-3, "‖g_R‖/2 is .25")
    XCTAssertEqual(decide([1, 0], CombinationWeights(retain: 2e5, forget: 0)).after, 1e-4)
    // No parabola that opens upwards: eq. 10.
    let flat = decide([1, 0], CombinationWeights(retain: 0, forget: 0))
    XCTAssertEqual(flat.outcome, .smallest)
    XCTAssertEqual(flat.after, 1e-4, "1e-5 held to the least rate")
    // d leads up the retain loss: the best rate lies behind.
    let away = decide([0.8, 0.6], CombinationWeights(retain: 0.5, forget: 0.5))
    XCTAssertEqual(away.outcome, .kept)
    XCTAssertEqual(away.after, 1e-3)
    XCTAssertLessThan(away.proposed ?? 0, 0)
  }

  func testOneSideAloneHasTheWeightThatItHasBesideTheOther() throws {
    let statistics = GradientStatistics(
      step: 3, retainLoss: 2, dual: 0.25, forgetLoss: 0.5, retainNorm: 4, forgetNorm: 5, product: 7)
    for (combiner, retain, forget) in [
      (NormalizedGradientDifference(), 0.25, 0.2),
      (GradientDifference(CombinationWeights(retain: 0.3, forget: 0.7)), 0.3, 0.7),
      (LossNormalizedDifference(), 0.5, 2), (ProjectedConflicts(), 1, 1), (PrimalDual(limit: 1), 0.25, 1),
    ] as [(any GradientCombiner, Double, Double)] {
      XCTAssertEqual(try combiner.weightsOfRetain(statistics), CombinationWeights(retain: retain, forget: 0))
      XCTAssertEqual(try combiner.weightsOfForget(statistics), CombinationWeights(retain: 0, forget: forget))
    }
    var silent = statistics
    (silent.forgetNorm, silent.product) = (0, 0)
    XCTAssertEqual(try NormalizedGradientDifference().weightsOfRetain(silent).retain, 0.25)
    XCTAssertThrowsError(try NormalizedGradientDifference().weights(silent)) { error in
      XCTAssertTrue("\(error)".contains("step 3"), "\(error)")
    }
  }
}

/// The other combiners against the vectors that their publications define.
final class CombinerDefinitionTests: XCTestCase {
  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Gradients and their statistics, three hundred times.
  private func forEachPair(_ body: ([Double], [Double], GradientStatistics) throws -> Void) rethrows {
    var random = RandomStream(seed: 3)
    for _ in 0..<300 {
      let retain = (0..<5).map { _ in random.nextUnit() - 0.5 }
      let forget = (0..<5).map { _ in 3 * random.nextUnit() - 1.5 }
      try body(
        retain, forget,
        GradientStatistics(
          retainLoss: 0.7, forgetLoss: 2.5, retainNorm: dot(retain, retain).squareRoot(),
          forgetNorm: dot(forget, forget).squareRoot(), product: dot(retain, forget)))
    }
  }

  private func check(_ combiner: any GradientCombiner, _ define: ([Double], [Double]) -> [Double]) throws {
    try forEachPair { retain, forget, statistics in
      let weights = try combiner.weights(statistics)
      let direction = zip(retain, forget).map { weights.retain * $0 - weights.forget * $1 }
      for (found, wanted) in zip(direction, define(retain, forget)) { XCTAssertEqual(found, wanted, accuracy: 1e-9) }
    }
  }

  func testPCGradProjectsConflictingTasks() throws {
    try check(ProjectedConflicts()) { retain, forget in
      let (first, second) = (retain, forget.map { -$0 })
      func projected(_ task: [Double], _ other: [Double]) -> [Double] {
        let product = dot(task, other)
        guard product < 0 else { return task }
        return zip(task, other).map { $0 - product / dot(other, other) * $1 }
      }
      return zip(projected(first, second), projected(second, first)).map(+)
    }
  }

  func testIMTLGMakesProjectionsEqual() throws {
    try forEachPair { _, _, statistics in
      let weights = try ImpartialProjection().weights(statistics)
      XCTAssertEqual(weights.retain + weights.forget, 1, accuracy: 1e-12)
      XCTAssertEqual(
        statistics.retainProduct(weights) / statistics.retainNorm,
        -statistics.forgetProduct(weights) / statistics.forgetNorm, accuracy: 1e-9)
    }
  }

  func testLossNormalizedDifferenceIsTheGradientOfLogarithms() throws {
    try check(LossNormalizedDifference()) { retain, forget in zip(retain, forget).map { $0 / 0.7 - $1 / 2.5 } }
  }

  func testRandomWeightsFollowSeedAndStep() {
    func weights(_ seed: Int, _ step: Int) -> CombinationWeights {
      RandomWeights(seed: seed).weights(
        GradientStatistics(step: step, retainLoss: 1, forgetLoss: 1, retainNorm: 1, forgetNorm: 1, product: 0))
    }
    XCTAssertEqual(weights(1, 2), weights(1, 2))
    XCTAssertNotEqual(weights(1, 2), weights(1, 3))
    XCTAssertNotEqual(weights(1, 2), weights(2, 2))
    XCTAssertEqual(weights(1, 2).retain + weights(1, 2).forget, 1, accuracy: 1e-12)
    let mean = (0..<2000).reduce(0) { $0 + weights(1, $1).retain } / 2000
    XCTAssertEqual(mean, 0.5, accuracy: 0.03)
  }

  func testPrimalDualRaisesItsWeightWhileTheLossIsHigh() {
    let combiner = PrimalDual(limit: 0.5)
    func statistics(_ loss: Double, _ dual: Double) -> GradientStatistics {
      GradientStatistics(retainLoss: loss, dual: dual, forgetLoss: 1, retainNorm: 1, forgetNorm: 1, product: 0)
    }
    XCTAssertEqual(combiner.weights(statistics(2, 3)), CombinationWeights(retain: 3, forget: 1))
    XCTAssertEqual(combiner.dual(after: statistics(2, 3)), 4.5)
    XCTAssertEqual(combiner.dual(after: statistics(0.1, 0.2)), 0, accuracy: 1e-12)
  }
}
