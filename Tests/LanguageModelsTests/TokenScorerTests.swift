import Foundation
import LanguageModels
import Torch
import XCTest

/// Against the logits that transformers gives.
final class TokenScorerTests: XCTestCase {
  func testEveryFigureFollowsFromTheReferencesLogits() throws {
    for name in ["llama-gqa-tied", "olmo", "llama-bias"] {
      let fixture = try Fixture(name)
      let expected = try fixture.tensors("expected.safetensors")
      var samples: [Sample] = []
      while let ids = try expected["input_ids.\(samples.count)"]?.integers() {
        samples.append(Sample(id: String(samples.count), inputIDs: ids, labels: ids))
      }
      // A pass of 20 tokens: rows share passes, and the longest is alone in one.
      let scores = try TokenScorer(fixture.decoder(), maximumTokens: 20).score(samples)
      XCTAssertEqual(scores.count, samples.count)
      for (index, (sample, score)) in zip(samples, scores).enumerated() {
        XCTAssertEqual(score.labels, Array(sample.labels.dropFirst()))
        let logits = try XCTUnwrap(expected["logits.\(index)"])
        let (values, vocabulary) = (try logits.floats().map(Double.init), try logits.size(1))
        for (place, label) in score.labels.enumerated() {
          let row = Array(values[place * vocabulary..<(place + 1) * vocabulary])
          let maximum = try XCTUnwrap(row.max())
          let normalizer = log(row.reduce(0) { $0 + exp($1 - maximum) }) + maximum
          let mean = row.reduce(0) { $0 + exp($1 - normalizer) * ($1 - normalizer) }
          let square = row.reduce(0) { $0 + exp($1 - normalizer) * ($1 - normalizer) * ($1 - normalizer) }
          let loss = normalizer - row[label]
          XCTAssertEqual(score.losses[place], loss, accuracy: 1e-5 * max(1, loss), "\(name) \(index) \(place)")
          XCTAssertEqual(score.means[place], mean, accuracy: 1e-5 * max(1, -mean), "\(name) \(index) \(place)")
          XCTAssertEqual(
            score.variances[place], square - mean * mean, accuracy: 2e-5 * max(1, square), "\(name) \(index) \(place)")
          XCTAssertEqual(row[score.predictions[place]], maximum, accuracy: 1e-5, "\(name) \(index) \(place)")
        }
      }
    }
  }

  func testAgreesWithRowScorerAndSkipsRowsWithoutLabels() throws {
    let decoder = try Fixture("llama-gqa-tied").decoder()
    let samples = [
      Sample(id: "a", inputIDs: [5, 6, 7, 8], labels: [-100, -100, 7, 8]),
      Sample(id: "none", inputIDs: [5, 6], labels: [-100, -100]),
      Sample(id: "b", inputIDs: [9, 10, 11], labels: [9, 10, 11]),
    ]
    let scores = try TokenScorer(decoder).score(samples)
    let rows = try RowScorer(decoder).score(samples)
    XCTAssertEqual(scores.map(\.labels), [[7, 8], [], [10, 11]])
    for (score, row) in zip(scores, rows) {
      XCTAssertEqual(score.nll == nil, row.nll == nil)
      if let first = score.nll, let second = row.nll { XCTAssertEqual(first, second, accuracy: 1e-6) }
    }
  }
}
