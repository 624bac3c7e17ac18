import Basics
import Evaluation
import XCTest

/// Against transformers, rouge_score and scikit-learn on fictitious rows; half the answers are cut at a next question.
final class MUSESuiteTests: XCTestCase {
  private func data() throws -> MUSEData { try MUSEData.read(folder: SuiteFixture.path("muse")) }

  private func evaluate(_ options: MUSEOptions = MUSEOptions(), retrainedAUC: Double? = nil) throws -> SuiteResult {
    try SuiteFixture.withModel { model in
      try MUSESuite.run(
        model, data: data(), options: options, retrainedAUC: retrainedAUC, progress: SilentObserver())
    }
  }

  func testEveryValueEqualsTheReference() throws {
    let expected = try SuiteFixture.expected("muse")
    let result = try evaluate(retrainedAUC: expected.double("retrained_auc", at: Location()))
    let sets = try expected.object("sets", at: Location())
    XCTAssertEqual(result.sets.map(\.name), sets.keys)
    for set in result.sets {
      let wanted = try numbers(sets[set.name])
      let found = try XCTUnwrap(set.metrics.first?.perRow)
      XCTAssertEqual(found.count, wanted.count)
      for (index, value) in wanted.enumerated() {
        try SuiteFixture.check(found[index], value, "\(set.name) \(index)")
      }
    }
    for (metric, set) in [
      ("knowmem forget", "knowmem_forget"), ("knowmem retain", "knowmem_retain"), ("verbmem forget", "verbmem_forget"),
    ] {
      let wanted = try numbers(sets[set])
      try SuiteFixture.check(result[metric]?.aggregate, wanted.reduce(0, +) / Double(wanted.count), metric)
    }
    try SuiteFixture.check(result["privleak AUC"]?.aggregate, expected["auc"]?.doubleValue, "AUC")
    try SuiteFixture.check(result["privleak"]?.aggregate, expected["privleak"]?.doubleValue, "privleak")
    XCTAssertEqual(result["privleak"]?.direction, .closerIsBetter(to: 0))
    XCTAssertEqual(result["knowmem forget"]?.direction, .lowerIsBetter)
    XCTAssertEqual(result["knowmem retain"]?.direction, .higherIsBetter)
  }

  func testWithoutRetrainedModelPrivLeakIsNullWithAReason() throws {
    let result = try evaluate(MUSEOptions(shots: 0, answerTokens: 2, passageTokens: 2, rowLimit: 2))
    XCTAssertEqual(result["privleak"]?.aggregate.isNaN, true)
    XCTAssertNotNil(result.reasons["privleak"])
    XCTAssertEqual(result.sets.map(\.ids.count), [2, 2, 2, 2, 2])
  }

  func testRefusesTooFewExamplesAndWrongOptions() throws {
    let few = try failure { try evaluate(MUSEOptions(shots: 12)) }
    XCTAssertEqual(few.location.field, "knowmem/forget_qa_icl")
    XCTAssertTrue(few.description.contains("at least 12 examples, found 11"), few.description)
    XCTAssertEqual(try failure { try evaluate(MUSEOptions(passageTokens: 0)) }.kind, .usage)
    XCTAssertEqual(try failure { try evaluate(MUSEOptions(fraction: 0)) }.kind, .usage)
    XCTAssertEqual(try failure { try evaluate(retrainedAUC: -1) }.kind, .usage)
  }
}
