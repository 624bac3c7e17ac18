import Basics
import Evaluation
import XCTest

final class RougeScoreTests: XCTestCase {
  /// What the scorer must give for counts [overlap, subsequence, target tokens, prediction tokens].
  private func check(_ scores: RougeScorer.Scores, _ counts: [Double], _ label: String) {
    for (score, common) in [(scores.rouge1, counts[0]), (scores.rougeL, counts[1])] {
      let precision = counts[3] > 0 ? common / counts[3] : 0
      let recall = counts[2] > 0 ? common / counts[2] : 0
      let f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
      XCTAssertEqual(score.precision, precision, accuracy: 1e-12, label)
      XCTAssertEqual(score.recall, recall, accuracy: 1e-12, label)
      XCTAssertEqual(score.f1, f1, accuracy: 1e-12, label)
    }
  }

  func testFivethousandPairsScoreAsInRougeScore() throws {
    let rows = try Fixture.lines("rouge.jsonl")
    XCTAssertGreaterThan(rows.count, 5000)
    let stemmed = RougeScorer(usesStemmer: true)
    let plain = RougeScorer(usesStemmer: false)
    for (index, row) in rows.enumerated() {
      let fields = try XCTUnwrap(row.arrayValue)
      let target = try XCTUnwrap(fields[0].stringValue)
      let prediction = try XCTUnwrap(fields[1].stringValue)
      let counts = try numbers(fields[2])
      check(stemmed.scores(target: target, prediction: prediction), Array(counts[..<4]), "row \(index), stemmed")
      check(plain.scores(target: target, prediction: prediction), Array(counts[4...]), "row \(index), plain")
    }
  }

  func testAnEmptySideScoresZero() {
    let scorer = RougeScorer()
    for (target, prediction) in [("", "a b"), ("a b", ""), ("…", "a"), ("", "")] {
      let scores = scorer.scores(target: target, prediction: prediction)
      XCTAssertEqual(scores.rouge1.recall + scores.rougeL.precision + scores.rougeL.f1, 0)
    }
  }

  func testKelvinSignAndDottedCapitalAreLetters() {
    XCTAssertEqual(RougeTokenizer(usesStemmer: false).tokens("\u{212A}g İst Å"), ["kg", "i", "st"])
  }
}
