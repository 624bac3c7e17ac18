import Evaluation
import XCTest

final class MetricValueTests: XCTestCase {
  func testAggregateIsTheMeanOverTheRowsThatTheMetricAppliesTo() {
    let metric = MetricValue(name: "knowledge", direction: .higherIsBetter, meanOf: [1, nil, 0, nil, 0.5])
    XCTAssertEqual(metric.aggregate, 0.5)
    XCTAssertEqual(metric.perRow.count, 5)
    XCTAssertTrue(MetricValue(name: "none", direction: .lowerIsBetter, meanOf: [nil]).aggregate.isNaN)
  }

  func testDirectionsHaveSymbols() {
    XCTAssertEqual(MetricDirection.higherIsBetter.symbol, "↑")
    XCTAssertEqual(MetricDirection.lowerIsBetter.symbol, "↓")
    XCTAssertEqual(MetricDirection.closerIsBetter(to: 0).symbol, "→ 0.0")
  }
}
