import Basics
import Evaluation
import XCTest

final class TOFUReferenceTests: XCTestCase {
  private func read(_ text: String) throws -> TOFUReference {
    try Fixture.withTemporaryFolder { folder in
      try AtomicFile.write(text, to: "\(folder)/log.json")
      return try TOFUReference.read("\(folder)/log.json")
    }
  }

  func testReadsOpenUnlearningsLogInTheOrderOfItsIndex() throws {
    let log = """
      {"forget_truth_ratio": {"agg_value": 0.5, "value_by_index": {
        "10": {"score": 10.5}, "0": {"score": 0.5}, "1": {"score": 1}, "2": {"score": 2}, "3": {"score": 3},
        "4": {"score": 4}, "5": {"score": 5}, "6": {"score": 6}, "7": {"score": 7}, "8": {"score": 8},
        "9": {"score": 9}}}}
      """
    XCTAssertEqual(try read(log).truthRatios, [0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10.5])
  }

  func testRefusesOtherFilesByField() throws {
    XCTAssertTrue(try failure { try read("{}") }.description.contains("TOFU evaluation"))
    XCTAssertEqual(try failure { try read(#"{"suite": "muse"}"#) }.location.field, "suite")
    XCTAssertEqual(try failure { try read(#"{"suite": "tofu"}"#) }.location.field, "sets")
    let null = #"{"suite": "tofu", "settings": {}, "sets": {"forget": {"values": [{"id": "1", "truth_ratio": null}]}}}"#
    XCTAssertEqual(try failure { try read(null) }.location.field, "sets.forget.values[0].truth_ratio")
    let gap = #"{"forget_truth_ratio": {"value_by_index": {"0": {"score": 1}, "2": {"score": 1}}}}"#
    XCTAssertEqual(try failure { try read(gap) }.location.field, "forget_truth_ratio.value_by_index.1")
  }

  func testRefusesAReferenceOfOtherRowsOrPrompts() throws {
    let data = try TOFUData.read(folder: SuiteFixture.path("tofu"))
    func log(_ settings: String, _ count: Int) throws -> TOFUReference {
      let rows = (0..<count).map { #"{"id": "\#($0)", "truth_ratio": 1}"# }.joined(separator: ", ")
      return try read(#"{"suite": "tofu", "settings": {\#(settings)}, "sets": {"forget": {"values": [\#(rows)]}}}"#)
    }
    try SuiteFixture.withModel { model in
      func run(_ reference: TOFUReference) throws -> Failure {
        try failure { try TOFUSuite.run(model, data: data, reference: reference, progress: SilentObserver()) }
      }
      let split = try run(log(#""forget_split": "forget01""#, 8))
      XCTAssertEqual(split.location.field, "settings.forget_split")
      XCTAssertEqual(
        try run(log(#""prompt_template": "{input}""#, 8)).location.field, "settings.prompt_template")
      XCTAssertTrue(try run(log("", 7)).description.contains("8 forget rows"))
    }
  }
}
