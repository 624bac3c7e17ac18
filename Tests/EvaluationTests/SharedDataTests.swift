import Basics
import Datasets
import Evaluation
import Foundation
import XCTest

/// Every word and thousands of pairs of the published data, against digests that `make_metric_fixtures.py --real`
/// prints: the text itself is no part of the package.
final class SharedDataTests: XCTestCase {
  private func files(_ root: String) throws -> [String] {
    let folders = ["mia", "mia-validation", "mmlu", "tofu"]
    return folders.flatMap { folder in
      (FileManager.default.enumerator(atPath: "\(root)/\(folder)")?.compactMap { $0 as? String } ?? [])
        .filter { name in [".json", ".jsonl", ".csv"].contains { name.hasSuffix($0) } }.map { "\(folder)/\($0)" }
    }
  }

  func testEveryWordStemsAsInNLTK() throws {
    let root = (try Fixture.shared("tofu") as NSString).deletingLastPathComponent
    var words: Set<String> = []
    var texts = try files(root).map { try Fixture.read("\(root)/\($0)") }
    let parquet = try FileManager.default.contentsOfDirectory(atPath: "\(root)/semeval").filter {
      $0.hasSuffix(".parquet")
    }
    for row in try RowReader.read(parquet.sorted().map { "\(root)/semeval/\($0)" }) {
      texts += [row.input, row.output]
    }
    for text in texts {
      var word: [UInt8] = []
      for byte in Array(text.utf8) + [0] {
        let lower = byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte
        if lower >= 0x61 && lower <= 0x7A || lower >= 0x30 && lower <= 0x39 {
          word.append(lower)
        } else if !word.isEmpty {
          words.insert(String(decoding: word, as: UTF8.self))
          word.removeAll(keepingCapacity: true)
        }
      }
    }
    XCTAssertEqual(words.count, 46918)
    let stemmer = PorterStemmer()
    let listing = words.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { "\($0) \(stemmer.stem($0))\n" }
    XCTAssertEqual(
      SHA256.hexDigest(of: listing.joined()), "04faf1eddf9428a644de34555b0db98eeb7b46c2292ddf0a288fddf6ad214374")
  }

  func testNeighbouringTextsScoreAsInRougeScore() throws {
    let scorers = [RougeScorer(usesStemmer: true), RougeScorer(usesStemmer: false)]
    var lines = ""
    var count = 0
    for name in ["tofu/full.json", "mia/member.jsonl", "mia/nonmember.jsonl"] {
      let texts = try Fixture.read(Fixture.shared(name)).utf8.split(separator: 0x0A).map { line in
        let row = try XCTUnwrap(JSONParser.parse(String(Substring(line))).objectValue)
        if let answer = row["answer"]?.stringValue { return answer }
        let document = try XCTUnwrap(row["document"]?.stringValue).unicodeScalars.prefix(2000)
        return String(String.UnicodeScalarView(document))
      }
      for (target, prediction) in zip(texts, texts.dropFirst()) {
        var fields: [Int] = []
        for scorer in scorers {
          let scores = scorer.scores(target: target, prediction: prediction)
          let lengths = [target, prediction].map { Double(scorer.tokenizer.tokens($0).count) }
          fields += [scores.rouge1.recall * lengths[0], scores.rougeL.recall * lengths[0], lengths[0], lengths[1]]
            .map { Int($0.rounded()) }
          for score in [scores.rouge1, scores.rougeL] {
            XCTAssertEqual(score.precision * lengths[1], score.recall * lengths[0], accuracy: 1e-9)
          }
        }
        lines += fields.map(String.init).joined(separator: " ") + "\n"
        count += 1
      }
    }
    XCTAssertEqual(count, 4297)
    XCTAssertEqual(SHA256.hexDigest(of: lines), "a58a0b62f0be6f65551254f570d65a63ebf9f04c7ec0dcbe31de78fb80c35df1")
  }
}
