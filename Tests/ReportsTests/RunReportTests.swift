import Basics
import Foundation
import Reports
import XCTest

final class RunReportTests: XCTestCase {
  func testTheWholePageHasEveryPartAndWellFormedDrawings() throws {
    let page = try Markup(SampleReport.make())
    for heading in ["Before and after", "Training", "Membership inference", "MMLU", "Data", "Record"] {
      XCTAssertTrue(page.html.contains("<h2>\(heading)</h2>"), heading)
    }
    for id in ["losses", "membership-before", "membership-after", "mmlu", "data-rows", "data-tokens"] {
      XCTAssertNoThrow(try page.drawing(id))
    }
    for drawing in page.drawings {
      Markup.assertWellFormed(drawing)
      Markup.assertFinite(drawing)
    }
    XCTAssertFalse(page.html.contains("{{"))
    XCTAssertFalse(page.html.contains("Optional("))
  }

  func testAnEmptyReportIsATitleAndNothingElse() throws {
    let page = try Markup(RunReport(title: "nothing"))
    XCTAssertTrue(page.html.contains("<h1>nothing</h1>"))
    for part in ["<h2>", "<svg", "<table", "class=\"sentence\"", "class=\"verdict\"", "class=\"note"] {
      XCTAssertFalse(page.html.contains(part), part)
    }
  }

  func testEachPartStandsAloneAndIsLeftOutAlone() throws {
    let parts: [(String, (inout RunReport) -> Void)] = [
      ("Before and after", { $0.metrics = [] }), ("Training", { $0.steps = [] }),
      ("Membership inference", { $0.membership = nil }), ("MMLU", { $0.mmlu = nil }), ("Data", { $0.rowCounts = [] }),
      ("Record", { $0.record = .init() }),
    ]
    for (missing, remove) in parts {
      var report = SampleReport.make()
      remove(&report)
      let html = try report.html()
      for (heading, _) in parts {
        XCTAssertEqual(html.contains("<h2>\(heading)</h2>"), heading != missing, "\(heading) without \(missing)")
      }
    }
  }

  func testHostileTextIsTextEverywhere() throws {
    let attacks = [
      "</script><img src=x onerror=1>", "</style><b>", "\"><i onclick='1'>", "\"\u{301} onclick=\"1", "{{{style}}}",
      "]]>",
      "a\u{0}b\u{1B}[31m\u{202E}c\u{FFFF}",
    ]
    for attack in attacks {
      let report = HostileReport.make(attack)
      let page = try Markup(report)
      for tag in ["<img", "</script", "<b>", "<i ", "\"\u{301}", "\u{0}", "\u{1B}", "\u{202E}", "\u{FFFF}"] {
        // By scalars: as characters, a quote with an accent is no quote.
        XCTAssertNil(page.html.range(of: tag, options: .literal), "\(tag) of \(attack.debugDescription)")
      }
      XCTAssertEqual(page.html.components(separatedBy: "</style>").count, 2)
      page.drawings.forEach { Markup.assertWellFormed($0) }
    }
  }

  func testNothingIsLoadedFromElsewhere() throws {
    var html = try SampleReport.make().html()
    html = html.replacing("xmlns=\"http://www.w3.org/2000/svg\"", with: "")
    for part in ["http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link"] {
      XCTAssertFalse(html.contains(part), part)
    }
    XCTAssertTrue(html.contains("default-src 'none'"))
  }

  func testFiveThousandStepsStayUnderAMegabyte() throws {
    XCTAssertLessThan(try SampleReport.make(steps: 5000).html().utf8.count, 200_000)
  }

  func testEqualReportsGiveEqualBytes() throws {
    XCTAssertEqual(Array(try SampleReport.make().html().utf8), Array(try SampleReport.make().html().utf8))
  }

  func testThePageIsWrittenWholeOrNotAtAll() throws {
    let folder = NSTemporaryDirectory() + "reports-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { XCTAssertNoThrow(try FileManager.default.removeItem(atPath: folder)) }
    let report = SampleReport.make()
    try report.write(to: "\(folder)/report.html")
    XCTAssertEqual(try String(contentsOfFile: "\(folder)/report.html", encoding: .utf8), try report.html())
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), ["report.html"])
    XCTAssertThrowsError(try report.write(to: "\(folder)/missing/report.html")) { error in
      XCTAssertEqual((error as? Failure)?.kind, .cannotWrite)
    }
  }
}
