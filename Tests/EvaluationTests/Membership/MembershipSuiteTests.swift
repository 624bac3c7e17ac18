import Basics
import Evaluation
import LanguageModels
import XCTest

/// Against transformers, Python's zlib and scikit-learn on fictitious documents.
final class MembershipSuiteTests: XCTestCase {
  private func documents() throws -> (member: [MembershipDocument], nonmember: [MembershipDocument]) {
    (
      try MembershipDocument.read(SuiteFixture.path("membership/member.jsonl")),
      try MembershipDocument.read(SuiteFixture.path("membership/nonmember.jsonl"))
    )
  }

  private func evaluate(adapted: Bool, retrained: MembershipReference? = nil) throws -> SuiteResult {
    let documents = try documents()
    let losses = try SuiteFixture.withModel(adapted: !adapted) { model in
      try MembershipSuite.losses(
        model, members: documents.member, nonmembers: documents.nonmember, progress: SilentObserver())
    }
    return try SuiteFixture.withModel(adapted: adapted) { model in
      try MembershipSuite.run(
        model, members: documents.member, nonmembers: documents.nonmember,
        options: MembershipOptions(includesGradientNorm: true), referenceLosses: losses, retrained: retrained,
        progress: SilentObserver())
    }
  }

  private func check(_ result: SuiteResult, _ expected: JSONObject, _ label: String) throws {
    let json = result.json
    let values = try expected.object("values", at: Location())
    for side in values.keys {
      let found = try json.object("sets", at: Location()).object(side, at: Location()).array("values", at: Location())
      let rows = try values.array(side, at: Location())
      XCTAssertEqual(found.count, rows.count)
      for (index, (row, foundRow)) in zip(rows, found).enumerated() {
        let row = try XCTUnwrap(row.objectValue)
        XCTAssertEqual(foundRow.objectValue?.keys.sorted(), (row.keys + ["id"]).sorted())
        XCTAssertEqual(foundRow.objectValue?["id"]?.stringValue, "\(side)-\(index)")
        for key in row.keys {
          try SuiteFixture.check(
            foundRow.objectValue?[key]?.doubleValue, row[key]?.doubleValue, "\(label) \(side) \(index) \(key)")
        }
      }
    }
    let areas = try expected.object("auc", at: Location())
    let metrics = try json.object("metrics", at: Location())
    for key in areas.keys {
      try SuiteFixture.check(
        SuiteFixture.value(metrics, "\(key)_auc"), areas[key]?.doubleValue, "\(label) \(key) AUC")
    }
  }

  func testEveryScoreEqualsTheReferenceWithAndWithoutAdapter() throws {
    let expected = try SuiteFixture.expected("membership")
    let retrained = try evaluate(adapted: true)
    try check(retrained, expected.object("retrained", at: Location()), "adapted")
    try Fixture.withTemporaryFolder { folder in
      try retrained.write(to: "\(folder)/retrained.json")
      let result = try evaluate(adapted: false, retrained: .read("\(folder)/retrained.json"))
      try check(result, expected, "base")
      let metrics = try result.json.object("metrics", at: Location())
      let leaks = try expected.object("privleak", at: Location())
      for key in leaks.keys {
        try SuiteFixture.check(SuiteFixture.value(metrics, "\(key)_privleak"), leaks[key]?.doubleValue, key)
      }
      XCTAssertTrue(result.reasons.isEmpty)
    }
  }

  func testWithoutRetrainedModelPrivLeakIsNullWithAReason() throws {
    let documents = try documents()
    let result = try SuiteFixture.withModel { model in
      try MembershipSuite.run(
        model, members: documents.member, nonmembers: documents.nonmember, progress: SilentObserver())
    }
    XCTAssertEqual(result["loss privleak"]?.aggregate.isNaN, true)
    XCTAssertNotNil(result.reasons["loss privleak"])
    XCTAssertNil(result["reference AUC"])
    XCTAssertNil(result["gradnorm AUC"])
    let given = try SuiteFixture.withModel { model in
      try MembershipSuite.run(
        model, members: documents.member, nonmembers: documents.nonmember,
        retrained: MembershipReference(areasUnderCurve: ["min-k 40%": 0.5]), progress: SilentObserver())
    }
    let area = try XCTUnwrap(given["min-k 40% AUC"]?.aggregate)
    try SuiteFixture.check(given["min-k 40% privleak"]?.aggregate, (0.5 - area) / 0.5 * 100, "given AUC")
    XCTAssertEqual(given["loss privleak"]?.aggregate.isNaN, true)
  }

  func testMaximumLengthCutsAndLongDocumentsAreRefused() throws {
    let documents = try documents()
    try SuiteFixture.withModel(positions: 20) { model in
      let long = try failure {
        try MembershipSuite.run(
          model, members: documents.member, nonmembers: documents.nonmember, progress: SilentObserver())
      }
      XCTAssertTrue(long.description.contains("row member-"), long.description)
      let cut = try MembershipSuite.run(
        model, members: documents.member, nonmembers: documents.nonmember,
        options: MembershipOptions(maximumLength: 20), progress: SilentObserver())
      XCTAssertEqual(cut.set("member")?["loss"]?.perRow.count, 7)
    }
  }

  func testRefusesWhatCannotBeScored() throws {
    let documents = try documents()
    try SuiteFixture.withModel { model in
      func run(
        _ members: [MembershipDocument], _ options: MembershipOptions = MembershipOptions(),
        _ losses: MembershipLosses? = nil
      ) throws -> Failure {
        try failure {
          try MembershipSuite.run(
            model, members: members, nonmembers: documents.nonmember, options: options, referenceLosses: losses,
            progress: SilentObserver())
        }
      }
      XCTAssertEqual(try run([]).location.field, "member")
      XCTAssertEqual(try run(documents.member, MembershipOptions(fractions: [0])).kind, .usage)
      XCTAssertEqual(try run(documents.member, MembershipOptions(maximumLength: 1)).kind, .usage)
      let other = MembershipLosses(member: [1], nonmember: [1])
      XCTAssertTrue(
        try run(documents.member, MembershipOptions(), other).description.contains("7, one a document"))
    }
    XCTAssertThrowsError(try MembershipReference(areasUnderCurve: ["loss": 2]))
  }

  func testReferenceRefusesOtherResults() throws {
    try Fixture.withTemporaryFolder { folder in
      let path = "\(folder)/other.json"
      try AtomicFile.write(#"{"suite": "tofu"}"#, to: path)
      XCTAssertEqual(try failure { try MembershipReference.read(path) }.location.field, "suite")
      let settings = #""settings": {"row_limit": 5}, "sample": {"member": [5, 9]}"#
      try AtomicFile.write("{\"suite\": \"membership\", \(settings), \"metrics\": {}}", to: path)
      XCTAssertEqual(try failure { try MembershipReference.read(path) }.location.field, "settings.row_limit")
      XCTAssertEqual(try MembershipReference.read(path, options: MembershipOptions(rowLimit: 5)).areasUnderCurve, [:])
      try AtomicFile.write(#"{"suite": "membership", "metrics": {"loss_auc": {"value": 1.5}}}"#, to: path)
      let beyond = try failure { try MembershipReference.read(path) }
      XCTAssertEqual(beyond.location, Location(file: path, field: "metrics.loss_auc"))
      XCTAssertEqual(beyond.kind, .badData)
    }
  }
}
