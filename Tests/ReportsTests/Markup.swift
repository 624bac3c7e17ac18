import Foundation
import Reports
import XCTest

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What tests look for in a page.
struct Markup {
  let html: String

  init(_ report: RunReport) throws { html = try report.html() }

  /// Every SVG drawing of the page.
  var drawings: [String] {
    html.components(separatedBy: "<svg ").dropFirst().map { rest in
      "<svg " + (rest.components(separatedBy: "</svg>").first ?? "") + "</svg>"
    }
  }

  /// The drawing whose title has this id.
  func drawing(_ id: String) throws -> String {
    try XCTUnwrap(drawings.first { $0.contains("id=\"\(id)-title\"") }, "no drawing '\(id)'")
  }

  /// The texts of a drawing's elements of one class.
  static func texts(_ style: String, in drawing: String) -> [String] {
    drawing.components(separatedBy: "<text class=\"\(style)\"").dropFirst().compactMap { rest in
      rest.split(separator: ">", maxSplits: 1).last?.split(separator: "<").first.map(String.init)
    }
  }

  /// Fails unless a text is one well-formed XML element.
  static func assertWellFormed(_ text: String, file: StaticString = #filePath, line: UInt = #line) {
    let parser = XMLParser(data: Data(text.utf8))
    XCTAssertTrue(parser.parse(), "\(String(describing: parser.parserError)) in \(text)", file: file, line: line)
  }

  /// Fails when a drawing has an attribute that is no number where a number is due.
  static func assertFinite(_ text: String, file: StaticString = #filePath, line: UInt = #line) {
    for attribute in text.components(separatedBy: "=\"").dropFirst() {
      let value = attribute.split(separator: "\"", omittingEmptySubsequences: false).first ?? ""
      XCTAssertFalse(
        value.lowercased().split { !$0.isLetter }.contains { ["nan", "inf", "infinity"].contains($0) },
        "attribute \(value)", file: file, line: line)
    }
  }
}
