import Basics
import Evaluation
import Foundation
import XCTest

final class GenerationsFileTests: XCTestCase {
  private let header = "id,task,input,expected_output,model_output,nll\n"

  private func read(_ files: [String: String]) throws -> [RowOutput] {
    try Fixture.withTemporaryFolder { folder in
      for (name, text) in files { try AtomicFile.write(text, to: "\(folder)/\(name)") }
      return try GenerationsFile.readSplit("forget", folder: folder)
    }
  }

  private func failure(_ files: [String: String]) throws -> Failure {
    var result: Failure?
    XCTAssertThrowsError(try read(files)) { result = $0 as? Failure }
    return try XCTUnwrap(result)
  }

  func testWhatIsWrittenReadsBack() throws {
    let rows = [
      RowOutput(
        id: "\"a\"sc1", task: "Task1", input: "say \"x\", \"\u{301}, \"\u{FE0F}, then\ny", expectedOutput: "old\rmac",
        modelOutput: " é\r\n ",
        nll: 1e-05),
      RowOutput(id: "bqa0", task: "Task2", input: "", expectedOutput: "7", modelOutput: "word", nll: nil),
    ]
    try Fixture.withTemporaryFolder { folder in
      try GenerationsFile.write(rows, to: "\(folder)/forget_0.csv")
      XCTAssertEqual(try GenerationsFile.readSplit("forget", folder: folder), rows)
      try GenerationsFile.write(rows, includingScores: true, to: "\(folder)/forget_0.csv")
      XCTAssertEqual(try GenerationsFile.readSplit("forget", folder: folder), rows)
      XCTAssertTrue(try Fixture.read("\(folder)/forget_0.csv").hasSuffix("bqa0,Task2,,7,word,,,,0\n"))
    }
  }

  func testMissingValuesAreShownAsNan() throws {
    let rows = try read(["forget_0.csv": header + "1qa0,T,,None,\"\",\n2qa0,T,,text,<NA>,\n"])
    XCTAssertEqual(rows.map(\.expectedOutput), ["nan", "text"])
    XCTAssertEqual(rows.map(\.modelOutput), ["nan", "nan"])
  }

  func testNumberColumnsTakeTheirTypeAcrossFiles() throws {
    let rows = try read([
      "forget_0.csv": header + "1qa0,T,,007,1,\n", "forget_1.csv": header + "2qa0,T,, 8 ,1.5,\n",
      "forget_2.csv": header + "3qa0,T,,x,True,\n",
    ])
    XCTAssertEqual(rows.map(\.expectedOutput), ["7", "8", "x"])
    // pandas 3.1.1: `concat` of whole numbers, decimal numbers and booleans is a column of objects.
    XCTAssertEqual(rows.map(\.modelOutput), ["1", "1.5", "True"])
  }

  func testPaddingRowCountsTwiceAndOtherRepeatsAreRefused() throws {
    XCTAssertEqual(try read(["forget_0.csv": header + "1sc1,T,,a,b,\n2sc1,T,,a,b,\n2sc1,T,,a,b,\n"]).count, 3)
    let within = try failure(["forget_0.csv": header + "1sc1,T,,a,b,\n2sc1,T,,a,b,\n1sc1,T,,a,b,\n"])
    XCTAssertEqual(within.location.line, 4)
    XCTAssertEqual(within.location.field, "id")
    let across = try failure(["forget_0.csv": header + "1sc1,T,,a,b,\n", "forget_1.csv": header + "1sc1,T,,a,b,\n"])
    XCTAssertTrue(across.message.contains("forget_0.csv:2"), across.message)
  }

  func testBadFilesNameLineAndColumnAndNoText() throws {
    let cases: [(text: String, line: Int?, field: String?)] = [
      ("", nil, nil), ("\n \n", nil, nil), (header, nil, nil),
      ("id,task,input,expected_output,nll\n1sc1,T,,secret,\n", 1, "model_output"),
      (header + "1sc1,T,,secret\n", 2, nil), (header + "1sc1,T,,secret,secret,,\n", 2, nil),
      (header + "1sc1,T,\"x\ny\",a,b,\n2sc1,T,,\"secret,b,\n", 4, nil),
      (header + ",T,,secret,secret,\n", 2, "id"), (header + "1sc1,NA,,secret,secret,\n", 2, "task"),
      (header + "secret,T,,secret,secret,\n", 2, "id"), (header + "1sc1,T,,a,b,secret\n", 2, "nll"),
    ]
    for (text, line, field) in cases {
      let found = try failure(["forget_0.csv": text])
      XCTAssertEqual(found.kind, .badData)
      XCTAssertEqual(found.location.line, line, "\(found)")
      XCTAssertEqual(found.location.field, field, "\(found)")
      XCTAssertTrue(found.location.file?.hasSuffix("forget_0.csv") ?? false, "\(found)")
      XCTAssertFalse("\(found)".contains("secret"), "\(found)")
    }
  }

  func testInvalidUTF8IsNamed() throws {
    try Fixture.withTemporaryFolder { folder in
      let file = try AtomicFile(path: "\(folder)/forget_0.csv")
      try file.write(Array(header.utf8) + Array("1sc1,T,,a,".utf8) + [0xFF, 0x2C, 0x0A])
      try file.commit()
      XCTAssertThrowsError(try GenerationsFile.readSplit("forget", folder: folder)) {
        XCTAssertEqual(($0 as? Failure)?.location.line, 2)
        XCTAssertEqual(($0 as? Failure)?.location.field, "model_output")
      }
    }
  }

  func testNoFilesAndNoFolderAreMissingInput() throws {
    XCTAssertEqual(try failure(["retain_0.csv": header]).kind, .missingInput)
    XCTAssertThrowsError(try GenerationsFile.readSplit("forget", folder: "/nowhere/at/all")) {
      XCTAssertEqual(($0 as? Failure)?.kind, .missingInput)
    }
  }
}
