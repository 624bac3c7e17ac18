import Basics
import Evaluation
import XCTest

final class TOFURowTests: XCTestCase {
  private let good = #"{"question": "Q", "answer": "A", "perturbed_answer": ["B", "C"]}"#

  private func read(_ text: String) throws -> [TOFURow] {
    try Fixture.withTemporaryFolder { folder in
      let path = "\(folder)/rows.json"
      try AtomicFile.write(text, to: path)
      return try TOFURow.read(path)
    }
  }

  func testLinesAndArraysAreTheSame() throws {
    let expected = [
      TOFURow(id: "1", question: "Q", answer: "A", paraphrasedAnswer: nil, perturbedAnswers: ["B", "C"]),
      TOFURow(id: "x", question: "R", answer: "S", paraphrasedAnswer: "T", perturbedAnswers: ["U"]),
    ]
    let second = #"{"id": "x", "question": "R", "answer": "S", "paraphrased_answer": "T", "perturbed_answer": ["U"]}"#
    XCTAssertEqual(try read("\(good)\n\n\(second)\n"), expected)
    XCTAssertEqual(try read(" \n[\(good), \(second)]"), expected)
  }

  func testErrorsNameLineAndField() throws {
    let cases = [
      (#"{"question": "Q", "answer": "A"}"#, "perturbed_answer"),
      (#"{"question": "Q", "answer": "A", "perturbed_answer": []}"#, "perturbed_answer"),
      (#"{"question": "Q", "answer": "A", "perturbed_answer": ["B", 3]}"#, "perturbed_answer[1]"),
      (#"{"question": "Q", "answer": "A", "perturbed_answer": "B"}"#, "perturbed_answer"),
      (#"{"question": "Q", "answer": "", "perturbed_answer": ["B"]}"#, "answer"),
      (#"{"answer": "A", "perturbed_answer": ["B"]}"#, "question"),
      (#"{"question": "Q", "answer": "A", "paraphrased_answer": 1, "perturbed_answer": ["B"]}"#, "paraphrased_answer"),
      (#"{"question": "Q", "answer": "A", "perturbed_answer": ["B"], "id": []}"#, "id"),
    ]
    for (line, field) in cases {
      let found = try failure { try read("\(good)\n\(line)\n") }
      XCTAssertEqual(found.kind, .badData)
      XCTAssertEqual(found.location.line, 2, line)
      XCTAssertEqual(found.location.field, field, line)
    }
    XCTAssertEqual(try failure { try read("\(good)\n{\"question\": \n") }.location.line, 2)
    XCTAssertTrue(try failure { try read("\n") }.description.contains("at least one row"))
    XCTAssertEqual(try failure { try read("[3]") }.location.field, "[0]")
  }

  func testFolderNamesTheFileThatIsMissing() throws {
    try Fixture.withTemporaryFolder { folder in
      let missing = try failure { try TOFUData.read(folder: folder) }
      XCTAssertEqual(missing.kind, .missingInput)
      XCTAssertTrue(missing.description.contains("forget10_perturbed.json"), missing.description)
      XCTAssertEqual(try failure { try TOFUData.read(folder: "\(folder)/none") }.kind, .missingInput)
      XCTAssertEqual(try failure { try TOFUData.read(folder: folder, forgetSplit: "forget50") }.kind, .usage)
    }
  }

  func testPublishedFolder() throws {
    let folder = try Fixture.shared("tofu")
    for (split, count) in [("forget01", 40), ("forget05", 200), ("forget10", 400)] {
      let data = try TOFUData.read(folder: folder, forgetSplit: split)
      XCTAssertEqual(data.forget.count, count)
      XCTAssertEqual(data.retain.count, 400)
      XCTAssertEqual(data.realAuthors.count, 100)
      XCTAssertEqual(data.worldFacts.count, 117)
      XCTAssertTrue((data.forget + data.retain).allSatisfy { $0.paraphrasedAnswer != nil })
    }
  }
}
