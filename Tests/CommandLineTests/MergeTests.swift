import Foundation
import XCTest

/// `merge` with one adapter and with several.
final class MergeTests: XCTestCase {
  private func adapter(_ space: Workspace, _ name: String, seed: Int) throws -> String {
    let result = try Program.run(
      "run", "--model", try space.model("model-\(name)"), "--forget", try space.rows("forget", 6, word: "SECRET"),
      "--retain", try space.rows("retain", 6, word: "public"), "--steps", "3", "--learning-rate", "1e-2",
      "--no-evaluate",
      "--quiet", "--seed", String(seed), "--output", space.file(name))
    XCTAssertEqual(result.status, 0, result.errors)
    return space.file("\(name)/adapter")
  }

  private func weights(_ space: Workspace, _ folder: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: space.file("\(folder)/model.safetensors")))
  }

  func testWeightsAreNumbers() throws {
    let space = try Workspace()
    let adapter = try adapter(space, "a", seed: 1)
    for weights in ["1,,1", "1,x", "1e39,1", "-2000,1", "1,2,3"] {
      let result = try Program.run(
        "merge", "--model", try space.model("base-\(weights)"), "--adapter", adapter, "--adapter", adapter, "--weights",
        weights, "--output", space.file("merged"))
      XCTAssertEqual(result.status, 64, "\(weights): \(result.errors)")
      XCTAssertFalse(FileManager.default.fileExists(atPath: space.file("merged")))
    }
  }

  func testSeveralAdaptersMergeIntoOneFolder() throws {
    let space = try Workspace()
    let (first, second) = (try adapter(space, "a", seed: 1), try adapter(space, "b", seed: 2))
    let model = try space.model("base")
    func merge(_ output: String, _ more: [String]) throws -> Program.Result {
      try Program.run(["merge", "--model", model, "--quiet", "--output", space.file(output)] + more)
    }
    for (output, more) in [
      ("one", ["--adapter", first]), ("both", ["--adapter", first, "--adapter", second]),
      ("twins", ["--adapter", first, "--adapter", first, "--density", "1"]),
      ("weighted", ["--adapter", first, "--adapter", second, "--weights", "1,0", "--density", "0.5"]),
    ] {
      let result = try merge(output, more)
      XCTAssertEqual(result.status, 0, result.errors)
    }
    // Twice the same change is that change.
    XCTAssertEqual(try weights(space, "one"), try weights(space, "twins"))
    XCTAssertNotEqual(try weights(space, "one"), try weights(space, "both"))
    XCTAssertNotEqual(try weights(space, "both"), try weights(space, "weighted"))
    let score = try Program.run(
      "score", "--model", space.file("both"), "--data", space.file("forget.jsonl"), "--dtype", "float32", "--output",
      space.file("scores.jsonl"))
    XCTAssertEqual(score.status, 0, score.errors)
  }

  func testBadSharesAndWeights() throws {
    let space = try Workspace()
    let first = try adapter(space, "a", seed: 1)
    let model = try space.model("base")
    for (more, word) in [
      (["--density", "0"], "--density"), (["--weights", "1"], "--weights"), (["--weights", "1,x"], "'x'"),
    ] {
      let result = try Program.run(
        ["merge", "--model", model, "--adapter", first, "--adapter", first, "--output", space.file("bad")] + more)
      XCTAssertEqual(result.status, 64, result.errors)
      XCTAssertTrue(result.errors.contains(word), result.errors)
      XCTAssertFalse(FileManager.default.fileExists(atPath: space.file("bad")))
    }
    let none = try Program.run("merge", "--model", model, "--output", space.file("bad"))
    XCTAssertEqual(none.status, 64, none.errors)
  }
}
