import Basics
import Evaluation
import XCTest

final class SuiteResultTests: XCTestCase {
  private let result = SuiteResult(
    suite: "sample", settings: JSONObject([("rows", .integer(2))]),
    metrics: [
      MetricValue(name: "min-k++ 40% AUC", direction: .closerIsBetter(to: 0.5), aggregate: 0.25),
      MetricValue(name: "forget quality", direction: .higherIsBetter, aggregate: .nan),
    ],
    reasons: ["forget quality": "why"],
    sets: [
      SuiteSet(
        name: "forget", ids: ["a", "b"],
        metrics: [MetricValue(name: "ROUGE-L recall", direction: .lowerIsBetter, meanOf: [0.5, nil])])
    ])

  func testJSON() {
    XCTAssertEqual(
      JSONValue.object(result.json).text(),
      """
      {"suite": "sample", "settings": {"rows": 2}, "metrics": {"min_k_plus_plus_40_auc": {"direction": "→ 0.5", \
      "value": 0.25}, "forget_quality": {"direction": "↑", "value": null, "reason": "why"}}, "sets": {"forget": \
      {"rows": 2, "metrics": {"rouge_l_recall": {"direction": "↓", "value": 0.5}}, "values": [{"id": "a", \
      "rouge_l_recall": 0.5}, {"id": "b", "rouge_l_recall": null}]}}}
      """)
  }

  func testNamesFindMetricsAndSets() {
    XCTAssertEqual(result["min-k++ 40% AUC"]?.aggregate, 0.25)
    XCTAssertEqual(result.set("forget")?["ROUGE-L recall"]?.aggregate, 0.5)
    XCTAssertNil(result.set("retain"))
  }

  func testWrittenFileReadsBack() throws {
    try Fixture.withTemporaryFolder { folder in
      try result.write(to: "\(folder)/result.json")
      let read = try JSONParser.parse(file: "\(folder)/result.json")
      XCTAssertEqual(read.objectValue?["sets"], result.json["sets"])
    }
  }
}
