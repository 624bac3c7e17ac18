import Reports
import XCTest

final class MetricTests: XCTestCase {
  private typealias Metric = RunReport.Metric

  func testAChangeIsJudgedByItsDirection() {
    func judge(_ direction: RunReport.Direction, _ before: Double?, _ after: Double?) -> Metric.Judgement? {
      Metric("m", direction: direction, before: before, after: after).judgement
    }
    XCTAssertEqual(judge(.higherIsBetter, 0.1, 0.2), .better)
    XCTAssertEqual(judge(.lowerIsBetter, 0.1, 0.2), .worse)
    XCTAssertEqual(judge(.lowerIsBetter, 0.2, 0.2), .same)
    XCTAssertEqual(judge(.closerIsBetter(to: 0.5), 0.98, 0.45), .better)
    XCTAssertEqual(judge(.closerIsBetter(to: 0.5), 0.5, 0.02), .worse)
    XCTAssertNil(judge(.unjudged, 1, 2))
    XCTAssertNil(judge(.higherIsBetter, nil, 2))
    XCTAssertNil(judge(.higherIsBetter, .nan, 2))
    XCTAssertNil(judge(.higherIsBetter, 1, .infinity))
  }

  func testReferenceColumnsAreThereOnlyWithAReference() throws {
    let with = try Markup(SampleReport.make(reference: true)).html
    let without = try Markup(SampleReport.make(reference: false)).html
    XCTAssertTrue(with.contains(">retrained</th>") && with.contains(">gap</th>"))
    XCTAssertFalse(without.contains("retrained"))
    XCTAssertEqual(Metric("m", direction: .unjudged, after: 0.5, reference: 0.25).gap, 0.25)
  }

  func testARowShowsValuesChangeAndSign() throws {
    var report = RunReport(title: "t")
    report.metrics = [
      .init("a", group: "g", direction: .lowerIsBetter, before: 0.97, after: 0.12),
      .init("b", group: "h", direction: .lowerIsBetter, before: .nan),
      .init("c", group: "g", direction: .higherIsBetter, before: 0.5, after: 0.25, bounds: nil),
    ]
    let html = try report.html()
    XCTAssertTrue(html.contains(">0.970</td><td class=\"number after\">0.120</td><td class=\"number\">−0.850 <span"))
    XCTAssertTrue(html.contains("title=\"better\"><span aria-hidden=\"true\">✓"))
    XCTAssertTrue(html.contains("title=\"worse\"><span aria-hidden=\"true\">✗"))
    XCTAssertTrue(html.contains(">undefined</td><td class=\"number after\">–</td>"))
    XCTAssertEqual(html.components(separatedBy: "<tr class=\"group\">").count, 3)
    // Groups stay together: c comes before b. Only a is within bounds.
    let order = ["a", "c", "b"].compactMap { html.range(of: "<th scope=\"row\">\($0)</th>")?.lowerBound }
    XCTAssertEqual(order, order.sorted())
    XCTAssertEqual(html.components(separatedBy: "<svg").count, 2)
  }
}
