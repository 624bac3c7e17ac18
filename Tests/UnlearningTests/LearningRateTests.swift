import Basics
import Unlearning
import XCTest

final class LearningRateTests: XCTestCase {
  /// L(distance) along the update for a quadratic with its minimum at `best`.
  private func probe(best: Double, curvature: Double) -> StepProbe {
    func loss(_ distance: Double) -> Double { 2 + curvature * (distance - best) * (distance - best) }
    let statistics = GradientStatistics(
      retainLoss: loss(0), forgetLoss: 1, retainNorm: 1, forgetNorm: 1, product: 0)
    return StepProbe(
      statistics: statistics, weights: CombinationWeights(retain: 1, forget: 1), currentLoss: { statistics.retainLoss },
      retainLoss: loss)
  }

  func testParabolaFindsTheExactMinimum() throws {
    for (best, rate) in [(0.3, 0.2), (0.011, 0.01), (5, 4)] {
      let decision = try ParabolaProbe.decide(
        rate: rate, probe: probe(best: best, curvature: 3), rails: GuardRails(minimum: 0, maximum: 100))
      XCTAssertEqual(decision.outcome, .accepted)
      XCTAssertEqual(decision.after, best, accuracy: 1e-9)
    }
  }

  func testRatesStayWhenTheParabolaSaysNothing() throws {
    let rails = GuardRails()
    for (best, curvature) in [(0.3, -1.0), (-0.3, 1.0)] {
      let decision = try ParabolaProbe.decide(
        rate: 0.1, probe: probe(best: best, curvature: curvature), rails: rails)
      XCTAssertEqual(decision.outcome, .kept)
      XCTAssertEqual(decision.after, 0.1)
    }
    let decision = try ParabolaProbe.decide(
      rate: 0.1, probe: probe(best: .nan, curvature: 1), rails: rails)
    XCTAssertEqual(decision.outcome, .notFinite)
  }

  func testARateThatCostsNothingDoubles() throws {
    let flat = probe(best: 0.3, curvature: 1e-3)
    func decide(_ allowance: Double?, _ flatness: Double) throws -> LearningRateDecision {
      let measured = StepProbe(
        statistics: flat.statistics, weights: flat.weights, currentLoss: flat.currentLoss, allowance: allowance,
        retainLoss: flat.retainLoss)
      return try ParabolaProbe.decide(rate: 0.1, probe: measured, rails: GuardRails(flatness: flatness))
    }
    XCTAssertEqual(try decide(0.1, 0.02).outcome, .flat)
    XCTAssertEqual(try decide(0.1, 0.02).after, 0.2, accuracy: 1e-12)
    // Without a budget nothing would catch it; and here the probe has measured something.
    XCTAssertEqual(try decide(nil, 0.02).outcome, .accepted)
    XCTAssertEqual(try decide(1e-4, 0.02).outcome, .accepted)
    XCTAssertEqual(try decide(0.1, 0).outcome, .accepted)
  }

  func testGuardRailsHoldAFitToTwiceAndHalf() throws {
    let rails = GuardRails(minimum: 0.01, maximum: 0.15)
    XCTAssertEqual(rails.apply(50, to: 0.05), 0.1)
    XCTAssertEqual(rails.apply(50, to: 0.1), 0.15)
    XCTAssertEqual(rails.apply(0.001, to: 0.1), 0.05)
    XCTAssertEqual(rails.apply(0.001, to: 0.012), 0.01)
    XCTAssertEqual(GuardRails(smoothing: 0.9).apply(0.2, to: 0.1), 0.11, accuracy: 1e-12)
  }

  func testQuadraticFitRecoversAParabolaAndItsQuality() throws {
    let xs = [1e-5, 1e-4, 1e-3, 1e-2]
    let fit = try XCTUnwrap(QuadraticFit(xs.map { (x: $0, y: 3 * $0 * $0 - 0.02 * $0 + 7) }))
    XCTAssertEqual(try XCTUnwrap(fit.minimizer), 0.02 / 6, accuracy: 1e-9)
    XCTAssertGreaterThan(fit.rSquared, 0.999_999)
    XCTAssertNil(QuadraticFit([(x: 1, y: 1), (x: 2, y: 2)]))
    XCTAssertNil(QuadraticFit([(x: 1, y: 1), (x: 2, y: .nan), (x: 3, y: 1)]))
    XCTAssertNil(try XCTUnwrap(QuadraticFit([(x: 1, y: -1), (x: 2, y: -4), (x: 3, y: -9)])).minimizer)
  }
  /// Those of transformers, Scripts/fixtures/make_schedule_fixtures.py.
  func testSchedulesEqualThoseOfTransformers() throws {
    let file = try XCTUnwrap(Bundle.module.resourceURL).appendingPathComponent("Fixtures/schedules.json").path
    let runs = try XCTUnwrap(JSONParser.parse(file: file).arrayValue)
    XCTAssertEqual(runs.count, 3)
    for run in runs {
      let total = try XCTUnwrap(run.objectValue?["total"]?.intValue)
      let rates = try XCTUnwrap(run.objectValue?["rates"]?.objectValue)
      for schedule in RateSchedule.allCases {
        let expected = try XCTUnwrap(rates[schedule.rawValue]?.arrayValue?.compactMap(\.doubleValue))
        XCTAssertEqual(expected.count, total)
        for (step, rate) in expected.enumerated() {
          let factor = schedule.factor(step: step, total: total, warmup: 0)
          XCTAssertEqual(factor, rate, accuracy: 1e-12, "\(schedule), step \(step) of \(total)")
          XCTAssertEqual(
            schedule.factor(step: step, total: total, warmup: 4), factor * min(1, Double(step + 1) / 4), accuracy: 1e-12
          )
        }
      }
    }
  }
}
