import Basics
import Evaluation
import XCTest

/// Against transformers, rouge_score and SciPy on fictitious rows.
final class TOFUSuiteTests: XCTestCase {
  private func options() throws -> TOFUOptions {
    TOFUOptions(maximumNewTokens: try SuiteFixture.expected("tofu").int("max_new_tokens", at: Location()))
  }

  private func data() throws -> TOFUData { try TOFUData.read(folder: SuiteFixture.path("tofu")) }

  private func evaluate(adapted: Bool = false, reference: TOFUReference? = nil) throws -> SuiteResult {
    try SuiteFixture.withModel(adapted: adapted) { model in
      try TOFUSuite.run(model, data: data(), options: options(), reference: reference, progress: SilentObserver())
    }
  }

  func testEveryValueEqualsTheReference() throws {
    let expected = try SuiteFixture.expected("tofu")
    let result = try evaluate()
    let json = result.json
    let sets = try expected.object("sets", at: Location())
    XCTAssertEqual(result.sets.map(\.name), sets.keys)
    for name in sets.keys {
      let wanted = try sets.object(name, at: Location())
      let found = try json.object("sets", at: Location()).object(name, at: Location())
      let metrics = try wanted.object("metrics", at: Location())
      let foundMetrics = try found.object("metrics", at: Location())
      XCTAssertEqual(foundMetrics.keys, metrics.keys)
      for key in metrics.keys {
        try SuiteFixture.check(SuiteFixture.value(foundMetrics, key), metrics[key]?.doubleValue, "\(name) \(key)")
      }
      let rows = try wanted.array("values", at: Location())
      let foundRows = try found.array("values", at: Location())
      XCTAssertEqual(foundRows.count, rows.count)
      for (index, (row, foundRow)) in zip(rows, foundRows).enumerated() {
        XCTAssertEqual(foundRow.objectValue?["id"]?.stringValue, String(index + 1))
        for key in metrics.keys {
          try SuiteFixture.check(
            foundRow.objectValue?[key]?.doubleValue, row.objectValue?[key]?.doubleValue, "\(name) \(index) \(key)")
        }
      }
    }
    try SuiteFixture.check(
      result["model utility"]?.aggregate, expected["model_utility"]?.doubleValue, "model utility")
  }

  func testForgetQualityComesFromTheReferencesLogAndFromNothingElse() throws {
    let without = try evaluate()
    XCTAssertEqual(without["forget quality"]?.aggregate.isNaN, true)
    let metrics = try without.json.object("metrics", at: Location()).object("forget_quality", at: Location())
    XCTAssertTrue(JSONValue.object(metrics).text().contains(#""value": null"#))
    XCTAssertTrue(try metrics.string("reason", at: Location()).contains("retain set alone"))

    let expected = try SuiteFixture.expected("tofu")
    try Fixture.withTemporaryFolder { folder in
      let path = "\(folder)/retain.json"
      try evaluate(adapted: true).write(to: path)
      let reference = try TOFUReference.read(path)
      for (found, wanted) in zip(reference.truthRatios, try numbers(expected["reference"])) {
        try SuiteFixture.check(found, wanted, "reference truth ratio")
      }
      let result = try evaluate(reference: reference)
      try SuiteFixture.check(
        result["forget quality"]?.aggregate, expected["forget_quality"]?.doubleValue, "forget quality")
      XCTAssertTrue(result.reasons.isEmpty)
    }
  }

  func testResultHoldsNoTextOfARow() throws {
    let text = JSONValue.object(try evaluate().json).text()
    for row in try data().forget {
      for part in [row.question, row.answer] + row.perturbedAnswers { XCTAssertFalse(text.contains(part)) }
    }
  }

  func testRowLimitAndProgress() throws {
    let observer = RecordingObserver()
    let options = TOFUOptions(maximumNewTokens: 2, rowLimit: 2)
    let result = try SuiteFixture.withModel { model in
      try TOFUSuite.run(model, data: data(), options: options, progress: observer)
    }
    XCTAssertEqual(result.sets.map(\.ids.count), [2, 2, 2, 2])
    XCTAssertEqual(observer.finished, observer.tasks.count)
    XCTAssertEqual(observer.advanced, observer.total)
  }

  func testWarnsOfAnswersThatThePromptSwallows() throws {
    let observer = RecordingObserver()
    let short = TOFURow(id: "1", question: "What?", answer: "the", perturbedAnswers: ["copper bells"])
    let data = TOFUData(forget: try data().forget, retain: [short], realAuthors: [short], worldFacts: [short])
    let result = try SuiteFixture.withModel { model in
      try TOFUSuite.run(model, data: data, options: TOFUOptions(maximumNewTokens: 1), progress: observer)
    }
    XCTAssertEqual(observer.messages.count, 3)
    XCTAssertTrue(observer.messages.allSatisfy { $0.contains("1 of 1 answers") }, "\(observer.messages)")
    XCTAssertEqual(result.set("retain")?["exact memorization"]?.perRow, [nil])
    XCTAssertEqual(result.set("retain")?["probability"]?.perRow.count, 1)
  }

  func testRefusesOptionsAndRowsThatCannotBe() throws {
    try SuiteFixture.withModel(positions: 24) { model in
      func run(_ options: TOFUOptions) throws -> Failure {
        try failure { try TOFUSuite.run(model, data: data(), options: options, progress: SilentObserver()) }
      }
      XCTAssertTrue(try run(TOFUOptions(promptTemplate: "Q: ")).description.contains("{input}"))
      XCTAssertEqual(try run(TOFUOptions(rowLimit: 0)).kind, .usage)
      let long = try run(TOFUOptions())
      XCTAssertEqual(long.kind, .badData)
      XCTAssertTrue(long.description.contains("row 1 has"), long.description)
      XCTAssertTrue(long.description.contains("24 positions"), long.description)
    }
  }
}
