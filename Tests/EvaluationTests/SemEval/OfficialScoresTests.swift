import Basics
import Evaluation
import Foundation
import XCTest

final class OfficialScoresTests: XCTestCase {
  /// Numbers within 1e-9, keys and everything else equal.
  private func compare(_ found: JSONValue, _ expected: JSONValue, _ label: String) throws {
    switch expected {
    case .object(let object):
      let entries = try XCTUnwrap(found.objectValue, label)
      XCTAssertEqual(entries.keys, object.keys, label)
      for (key, value) in object.entries { try compare(entries[key] ?? .null, value, "\(label).\(key)") }
    case .array(let values):
      let items = try XCTUnwrap(found.arrayValue, label)
      XCTAssertEqual(items.count, values.count, label)
      for (index, value) in values.enumerated() where index < items.count {
        try compare(items[index], value, "\(label)[\(index)]")
      }
    case .number, .integer:
      XCTAssertEqual(
        try XCTUnwrap(found.doubleValue, label), try XCTUnwrap(expected.doubleValue), accuracy: 1e-9, label)
    default: XCTAssertEqual(found, expected, label)
    }
  }

  func testSeventyStoredEvaluationsScoreAsWithPandas() throws {
    let cases = try Fixture.lines("official.jsonl")
    XCTAssertEqual(cases.count, 70)
    for (index, entry) in cases.enumerated() {
      let fields = try XCTUnwrap(entry.objectValue)
      try Fixture.withTemporaryFolder { folder in
        for (name, text) in try XCTUnwrap(fields["files"]?.objectValue).entries {
          try AtomicFile.write(try XCTUnwrap(text.stringValue), to: "\(folder)/\(name)")
        }
        for name in ["mia", "mmlu"] where fields.has(name) {
          try AtomicFile.write(try XCTUnwrap(fields[name]).text(), to: "\(folder)/\(name).json")
        }
        let scores = try OfficialScores.recompute(
          generationsFolder: folder, miaScores: fields.has("mia") ? "\(folder)/mia.json" : nil,
          mmluMetrics: fields.has("mmlu") ? "\(folder)/mmlu.json" : nil)
        try compare(JSONParser.parse(scores.jsonText), try XCTUnwrap(fields["expected"]), "case \(index)")
      }
    }
  }

  private func row(_ id: String, _ task: String, _ expected: String, _ found: String) -> RowOutput {
    RowOutput(id: id, task: task, input: "", expectedOutput: expected, modelOutput: found)
  }

  func testMissingAttackAndMMLUGiveMinusOneAndLeaveTheirKeysOut() throws {
    let rows = [row("1sc1", "Task1", "a b", "a"), row("1qa0", "Task1", "x", "X ")]
    let scores = OfficialScores(forget: rows, retain: rows)
    XCTAssertEqual(
      scores.jsonText,
      """
      {"forget-set": {"overall-regurgitation-score": 0.5, "overall-knowledge-score": 1.0, \
      "Task1": {"regurgitation-score": 0.5, "knowledge-score": 1.0}}, \
      "retain-set": {"overall-regurgitation-score": 0.5, "overall-knowledge-score": 1.0, \
      "Task1": {"regurgitation-score": 0.5, "knowledge-score": 1.0}}, \
      "aggregated-terms": [0.5, 0.0, 0.5, 1.0], "aggregate-score": -1, "harmonic-mean-task-aggregate": 0.0}

      """)
  }

  func testFinalScoreIsTheMeanOfThree() throws {
    let forget = [row("1sc1", "Task1", "a b", "a"), row("1qa0", "Task1", "x", "y")]
    let retain = [row("2sc1", "Task1", "a b", "a b"), row("2qa0", "Task1", "x", "x")]
    let scores = OfficialScores(forget: forget, retain: retain, membershipAUC: 0.75, mmluAverage: 0.3)
    XCTAssertEqual(scores.aggregatedTerms, [0.5, 1, 1, 1])
    XCTAssertEqual(scores.taskAggregate, 0.8)
    XCTAssertEqual(scores.membershipScore, 0.5)
    XCTAssertEqual(try XCTUnwrap(scores.finalScore), 1.6 / 3, accuracy: 1e-15)
    XCTAssertEqual(scores.warnings.count, 1, "the MMLU floor")
    XCTAssertEqual(
      scores.metrics.map(\.direction.symbol), ["↓", "↓", "↑", "↑", "↑", "→ 0.5", "↑", "↑", "↑"])
    XCTAssertEqual(scores.metrics.first?.perRow, [0.5, nil])
  }

  func testATaskWithoutQuestionsIsUndefinedAndSaysSo() {
    let rows = [row("1sc1", "Task1", "a b", "a")]
    let scores = OfficialScores(forget: rows, retain: rows)
    XCTAssertTrue(scores.taskAggregate.isNaN)
    XCTAssertTrue(scores.jsonText.contains(#""harmonic-mean-task-aggregate": null"#))
    XCTAssertEqual(scores.warnings.count, 2)
  }

  func testBadScoreFilesNameTheField() throws {
    try Fixture.withTemporaryFolder { folder in
      let row = "id,task,input,expected_output,model_output,nll\n1sc1,Task1,,a,a,\n"
      for split in ["forget", "retain"] { try AtomicFile.write(row, to: "\(folder)/\(split)_0.csv") }
      for (text, field) in [
        (#"{"member": [1]}"#, "nonmember"), (#"{"member": [], "nonmember": [1]}"#, "member"),
        (#"{"member": [1, null], "nonmember": [1]}"#, "member[1]"), ("[]", "an object"),
      ] {
        try AtomicFile.write(text, to: "\(folder)/mia.json")
        XCTAssertThrowsError(
          try OfficialScores.recompute(generationsFolder: folder, miaScores: "\(folder)/mia.json")
        ) {
          XCTAssertEqual(($0 as? Failure)?.kind, .badData)
          XCTAssertTrue("\($0)".contains("mia.json") && "\($0)".contains(field), "\($0)")
        }
      }
      for text in [#"{"average_acc": 43.5}"#, #"{"acc": 0.4}"#, #"{"average_acc": "0.4"}"#] {
        try AtomicFile.write(text, to: "\(folder)/mmlu.json")
        XCTAssertThrowsError(
          try OfficialScores.recompute(generationsFolder: folder, mmluMetrics: "\(folder)/mmlu.json")
        ) { XCTAssertTrue("\($0)".contains("average_acc"), "\($0)") }
      }
    }
  }
}
