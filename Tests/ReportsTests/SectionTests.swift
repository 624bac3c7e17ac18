import Reports
import XCTest

final class SectionTests: XCTestCase {
  func testDegenerateStepsAreDrawnOrLeftOut() throws {
    let cases: [(String, [RunReport.Step], Bool)] = [
      ("one", [.init(step: 1, forgetLoss: 2, retainLoss: 1, learningRate: 0.1)], true),
      ("constant", (1...9).map { .init(step: $0, forgetLoss: 2, retainLoss: 2, learningRate: 0.1) }, true),
      ("only NaN", [.init(step: 1, forgetLoss: .nan, learningRate: .infinity)], false),
      ("nothing measured", [.init(step: 1)], false),
      ("some infinite", [.init(step: 1, retainLoss: 1), .init(step: 2, retainLoss: .infinity)], true),
      ("huge", [.init(step: 1, retainLoss: 1e300), .init(step: Int.max, retainLoss: -1e99)], true),
      ("same step twice", [.init(step: 3, retainLoss: 1), .init(step: 3, retainLoss: 2)], true),
      ("rate of zero", [.init(step: 1, learningRate: 0)], false),
    ]
    for (name, steps, isDrawn) in cases {
      var report = RunReport(title: name)
      report.steps = steps
      let page = try Markup(report)
      XCTAssertEqual(page.drawings.count, isDrawn ? 1 : 0, name)
      for drawing in page.drawings {
        Markup.assertWellFormed(drawing)
        Markup.assertFinite(drawing)
      }
    }
  }

  func testRolledBackStepsAreMarkedAndCounted() throws {
    var report = RunReport(title: "t")
    report.steps = (1...100).map {
      .init(step: $0, retainLoss: Double($0), learningRate: 0.1, rolledBack: $0 == 30 || $0 == 60)
    }
    let page = try Markup(report)
    XCTAssertEqual(try page.drawing("losses").components(separatedBy: "\"rollback-line\"").count, 3)
    XCTAssertTrue(page.html.contains("2 steps left the retain budget and were undone."))
  }

  func testBarsBearTheirCountsByTaskAndSet() throws {
    let drawing = try Markup(SampleReport.make()).drawing("data-rows")
    XCTAssertEqual(Markup.texts("group-name", in: drawing), ["Task1", "Task2", "Task3"])
    XCTAssertEqual(
      Markup.texts("value", in: drawing),
      ["166", "206", "48", "54", "642", "612", "138", "150", "304", "318", "68", "74"])
    XCTAssertEqual(
      Markup.texts("legend", in: drawing), ["forget_train", "retain_train", "forget_validation", "retain_validation"])
  }

  func testTokensAreLeftOutWhereTheyWereNotCounted() throws {
    var report = RunReport(title: "t")
    report.rowCounts = [.init(set: "forget", task: "a", rows: 3), .init(set: "forget", task: "b", rows: -2)]
    let page = try Markup(report)
    XCTAssertNoThrow(try page.drawing("data-rows"))
    XCTAssertFalse(page.html.contains("data-tokens"))
  }

  func testManyTasksAreCutAndSaidToBe() throws {
    var report = RunReport(title: "t")
    report.rowCounts = (0..<1000).map { .init(set: "set", task: "task \($0)", rows: Int.max) }
    let page = try Markup(report)
    XCTAssertTrue(page.html.contains("970 more tasks are not shown."))
    XCTAssertLessThan(page.html.utf8.count, 50_000)
    page.drawings.forEach { Markup.assertFinite($0) }
  }

  func testHistogramsShareBinsAndNameTheAUC() throws {
    let page = try Markup(SampleReport.make())
    let (before, after) = (try page.drawing("membership-before"), try page.drawing("membership-after"))
    XCTAssertEqual(Markup.texts("tick", in: before), Markup.texts("tick", in: after))
    XCTAssertTrue(page.html.contains("AUC 0.986. 150 members, 150 nonmembers."))
    var report = RunReport(title: "t")
    report.membership = .init(after: .init(member: [.nan, 1], nonmember: []))
    let odd = try Markup(report)
    XCTAssertTrue(odd.html.contains("2 members, 0 nonmembers. 1 loss that is not finite: left out."))
    odd.drawings.forEach { Markup.assertWellFormed($0) }
  }

  func testMMLUShowsCategoriesAndSubcategories() throws {
    let page = try Markup(SampleReport.make())
    let names = Markup.texts("group-name", in: try page.drawing("mmlu"))
    XCTAssertEqual(names, ["STEM", "humanities", "social sciences", "other"])
    XCTAssertTrue(page.html.contains("<th scope=\"row\">psychology</th><td class=\"number\">1,157</td>"))
    var report = RunReport(title: "t")
    report.mmlu = .init()
    XCTAssertFalse(try report.html().contains("MMLU"))
  }

  func testHeaderSaysWhatWasDoneAndWhatIsASample() throws {
    let html = try SampleReport.make().html()
    XCTAssertTrue(
      html.contains(
        "ngdiff made the model “OLMo-1B-memorised” forget 1,112 rows and retain 1,136, in 12.4 minutes."))
    XCTAssertTrue(html.contains("128 of 1,112 forget rows, 128 of 1,136 retain rows and 75 of 14,042 MMLU questions."))
    var whole = RunReport(title: "t")
    whole.samples = [.init(of: "forget rows", evaluated: 9, total: 9)]
    XCTAssertFalse(try whole.html().contains("Sample."))
  }

  func testMemorisingIsNotSaidToForget() throws {
    var report = RunReport(title: "t")
    report.summary = .init(method: "memorize", model: "m", memorizedRows: 1240, seconds: 324)
    let html = try report.html()
    XCTAssertTrue(html.contains("memorize made the model “m” learn 1,240 rows by heart, in 5.4 minutes."))
    XCTAssertFalse(html.localizedCaseInsensitiveContains("unlearning report"))
  }

  func testWhatIsNotDoneIsNotSaidToBe() throws {
    var report = RunReport(title: "t")
    for (ending, words) in [
      (RunReport.Ending.unfinished(steps: 1), "It is not finished: 1 step was taken."),
      (.unfinished(steps: 1200), "It is not finished: 1,200 steps were taken."),
      (.withoutStep, "It took no step: the model is what it was."),
    ] {
      report.summary = .init(method: "ngdiff", model: "m", ending: ending, forgetRows: 3, seconds: 60)
      let html = try report.html()
      XCTAssertTrue(html.contains("ngdiff was to make the model “m” forget 3 rows. \(words)"), words)
      XCTAssertFalse(html.contains("made the model"))
    }
  }

  func testRecordQuotesTheCommandAndShortensHashes() throws {
    let html = try SampleReport.make().html()
    XCTAssertTrue(html.contains("--retain &#39;data/retain train.jsonl&#39; --output runs/semeval-1b</code>"))
    XCTAssertTrue(
      html.contains("<code title=\"\(String(repeating: "0123456789abcdef", count: 4))\">0123456789ab…</code>"))
    XCTAssertTrue(html.contains("<th scope=\"row\">peak memory</th><td>6.4 GiB</td>"))
  }
}
