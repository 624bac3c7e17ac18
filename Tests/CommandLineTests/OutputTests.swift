import Foundation
import XCTest

/// Where results go: nothing that is there is lost, and what did not arrive is an error.
final class OutputTests: XCTestCase {
  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  func testAFolderNeverReplacesAFile() throws {
    let space = try Workspace()
    let model = try space.model()
    let rows = try space.rows("forget", 3, word: "x")
    let kept = try text(rows)
    for arguments in [
      ["run", "--model", model, "--forget", rows, "--retain", rows, "--steps", "0", "--no-evaluate", "--output", rows],
      ["memorize", "--model", model, "--data", rows, "--steps", "0", "--output", rows],
      ["evaluate", "--model", model, "--data", rows, "--output", rows],
      ["data", "synthesize", "--output", rows],
    ] {
      let result = try Program.run(arguments)
      XCTAssertEqual(result.status, 73, "\(arguments): \(result.errors)")
      XCTAssertTrue(result.errors.contains("found a file"), result.errors)
      XCTAssertEqual(try text(rows), kept)
    }
    let dangling = space.file("dangling")
    try FileManager.default.createSymbolicLink(atPath: dangling, withDestinationPath: space.file("nowhere"))
    let result = try Program.run("data", "synthesize", "--output", dangling)
    XCTAssertEqual(result.status, 73, result.errors)
  }

  func testLinksAreFollowed() throws {
    let space = try Workspace()
    let data = try space.write("texts.jsonl", "{\"text\": \"a b\"}\n")
    let file = try space.write("target.jsonl", "old\n")
    try FileManager.default.createDirectory(atPath: space.file("empty"), withIntermediateDirectories: true)
    for (link, target) in [("file", file), ("folder", space.file("empty"))] {
      try FileManager.default.createSymbolicLink(atPath: space.file(link), withDestinationPath: target)
    }
    let tokenized = try Program.run(
      "tokenize", "--model", try space.model(), "--data", data, "--output", space.file("file"))
    XCTAssertEqual(tokenized.status, 0, tokenized.errors)
    XCTAssertTrue(try text(file).contains("\"ids\""))
    let made = try Program.run("data", "synthesize", "--preset", "demo", "--output", space.file("folder"))
    XCTAssertEqual(made.status, 0, made.errors)
    XCTAssertFalse(try FileManager.default.contentsOfDirectory(atPath: space.file("empty")).isEmpty)
    for link in ["file", "folder"] {
      XCTAssertNoThrow(try FileManager.default.destinationOfSymbolicLink(atPath: space.file(link)), link)
    }
  }

  func testNoOutputReplacesItsInput() throws {
    let space = try Workspace()
    let model = try space.model()
    let text = "{\"id\": \"a\", \"input\": \"a b\", \"output\": \"c\", \"text\": \"a\"}\n"
    let data = try space.write("rows.jsonl", text)
    try FileManager.default.createSymbolicLink(atPath: space.file("link.jsonl"), withDestinationPath: data)
    for command in ["score", "generate", "tokenize"] {
      for output in [data, space.file("link.jsonl")] {
        let result = try Program.run(command, "--model", model, "--data", data, "--output", output, "--quiet")
        XCTAssertEqual(result.status, 73, result.errors)
        XCTAssertTrue(result.errors.contains("input") || result.errors.contains("rows.jsonl"), result.errors)
      }
    }
    XCTAssertEqual(try String(contentsOfFile: data, encoding: .utf8), text)
  }

  func testStandardOutputAndPipes() throws {
    let space = try Workspace()
    let model = try space.model()
    let data = try space.write("texts.jsonl", "{\"text\": \"a b\"}\n")
    let result = try Program.run("tokenize", "--model", model, "--data", data, "--output", "/dev/stdout", "--quiet")
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertEqual(result.output.split(separator: "\n").count, 1, result.output)
    XCTAssertTrue(result.output.contains("\"ids\""), result.output)
  }

  func testWhatDidNotArriveIsAnError() throws {
    for redirection in [">/dev/full", ">&-"] {
      let result = try Program.shell("\"$0\" methods \(redirection)")
      XCTAssertEqual(result.status, 73, "\(redirection): \(result.errors)")
      XCTAssertTrue(result.errors.contains("standard output"), result.errors)
    }
    // A reader that has seen enough is none.
    let head = try Program.shell("{ \"$0\" methods; echo status $? >&2; } | head -1")
    XCTAssertTrue(head.errors.contains("status 0"), head.errors)
  }

  func testErrorsAreJSONWhereTheLogIs() throws {
    for arguments in [
      ["methods", "--log-format", "json", "--nonsense"],
      ["score", "--log-format=json", "--model", "absent", "--data", "absent", "--output", "absent"],
    ] {
      let result = try Program.run(arguments)
      XCTAssertNotEqual(result.status, 0)
      let object = try XCTUnwrap(
        JSONSerialization.jsonObject(with: Data(result.errors.utf8)) as? [String: String], result.errors)
      XCTAssertEqual(object["level"], "error")
      XCTAssertNotNil(object["message"])
      XCTAssertNotNil(object["hint"])
    }
  }

  func testIdsKeepTheirType() throws {
    let space = try Workspace()
    let rows = try space.write(
      "rows.jsonl",
      ["7", "\"7\""].map { "{\"id\": \($0), \"input\": \"a\", \"output\": \"b\"}\n" }.joined())
    let output = space.file("scores.jsonl")
    let result = try Program.run("score", "--model", try space.model(), "--data", rows, "--output", output)
    XCTAssertEqual(result.status, 0, result.errors)
    let lines = try text(output).split(separator: "\n")
    XCTAssertTrue(lines[0].contains("\"id\": 7,"), "\(lines[0])")
    XCTAssertTrue(lines[1].contains("\"id\": \"7\","), "\(lines[1])")
  }
}
