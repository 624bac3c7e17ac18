import Basics
import Datasets
import Foundation
import XCTest

final class SynthesizerTests: XCTestCase {
  private func make(_ options: SynthesisOptions) throws -> String {
    let folder = NSTemporaryDirectory() + "synthesis-\(UUID().uuidString)"
    try Synthesizer.write(to: folder, options: options)
    addTeardownBlock { try? FileManager.default.removeItem(atPath: folder) }
    return folder
  }

  func testEqualSeedsGiveEqualBytes() throws {
    let options = SynthesisOptions.Preset.demo.options(seed: 7)
    let (first, second) = (try make(options), try make(options))
    let other = try make(SynthesisOptions.Preset.demo.options(seed: 8))
    for name in ["forget_train.jsonl", "retain_validation.jsonl", "mia/nonmember.jsonl"] {
      let hashes = try [first, second, other].map { try SHA256.hexDigest(ofFile: "\($0)/\(name)") }
      XCTAssertEqual(hashes[0], hashes[1])
      XCTAssertNotEqual(hashes[0], hashes[2])
    }
  }

  func testSetsAreOfficialDisjointAndDistinct() throws {
    let folder = try make(SynthesisOptions(seed: 1, documentsPerTask: 30))
    let sets = try DataSource.sets(at: folder)
    XCTAssertEqual(sets.count, 4)
    let rows = try sets.flatMap { try RowReader.read($0.paths) }
    XCTAssertTrue(rows.allSatisfy { $0.kind != nil && $0.task != nil && !$0.input.isEmpty && !$0.output.isEmpty })
    XCTAssertEqual(Set(rows.map(\.id)).count, rows.count)
    XCTAssertEqual(Set(rows.map(\.input)).count, rows.count, "no prompt twice")
    let both = try ForgetRetain.read(folder: folder)
    XCTAssertTrue(RowOverlap.find(forget: both.forget, retain: both.retain).isEmpty)
    XCTAssertTrue(try DataValidation.check(folder).isValid)
  }

  /// What bounds forgetting must not be what the attack compares with.
  func testUnseenDocumentsAreInNoOtherFile() throws {
    let folder = try make(SynthesisOptions.Preset.demo.options(seed: 7))
    let texts = try ["member", "nonmember", "unseen"].map { name in
      var found: [String?] = []
      try JSONLines.read("\(folder)/mia/\(name).jsonl") { object, _ in found.append(object["document"]?.stringValue) }
      return found
    }
    XCTAssertEqual(texts.map(\.count), [12, 12, 32])
    XCTAssertEqual(Set(texts.joined()).count, 56)
    XCTAssertFalse(texts.joined().contains(nil))
  }

  /// A model that has forgotten one document must not be able to recite it from the others.
  func testDocumentsDoNotShareTheirWording() throws {
    let folder = try make(SynthesisOptions.Preset.demo.options(seed: 3))
    let rows = try RowReader.read(["\(folder)/forget_train.jsonl", "\(folder)/retain_train.jsonl"])
      .filter { $0.kind == .sentenceCompletion }
    XCTAssertEqual(rows.count, 24)
    var shares: [Double] = []
    for (index, row) in rows.enumerated() {
      let words = Set(row.output.lowercased().split(separator: " "))
      for other in rows[(index + 1)...] where other.task == row.task {
        let common = words.intersection(other.output.lowercased().split(separator: " "))
        shares.append(Double(common.count) / Double(words.count))
      }
    }
    XCTAssertLessThan(shares.reduce(0, +) / Double(shares.count), 0.3)
  }
}
