import Foundation
import XCTest

/// Whole runs of the program on a tiny model.
final class RunTests: XCTestCase {
  private func arguments(_ space: Workspace, _ output: String, _ more: [String] = []) throws -> [String] {
    [
      "run", "--model", try space.model("model-\(output)"), "--forget", try space.rows("forget", 12, word: "SECRET"),
      "--retain", try space.rows("retain", 12, word: "public"), "--steps", "40", "--batch-size", "4",
      "--checkpoint-every", "2", "--seed", "5", "--set", "forget-bound=none", "--output", space.file(output),
    ] + more
  }

  private func adapter(_ space: Workspace, _ run: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: space.file("\(run)/adapter/adapter_model.safetensors")))
  }

  func testRunWritesItsFolderAndKeepsForgetTextOut() throws {
    let space = try Workspace()
    let result = try Program.run(try arguments(space, "run", ["--verbose", "--set", "max-new-tokens=8"]))
    XCTAssertEqual(result.status, 0, result.errors)
    for part in [
      "config.yaml", "run.json", "events.jsonl", "adapter/adapter_config.json", "adapter/adapter_model.safetensors",
      "evaluation/before/evaluation.json", "evaluation/after/evaluation_results.jsonl",
    ] {
      XCTAssertTrue(FileManager.default.fileExists(atPath: space.file("run/\(part)")), part)
    }
    XCTAssertTrue(result.output.contains("exact match"))
    XCTAssertFalse((result.output + result.errors).contains("SECRET"))
    let files = try XCTUnwrap(FileManager.default.enumerator(atPath: space.file("run")))
    for case let name as String in files where !name.hasSuffix(".safetensors") {
      guard let data = FileManager.default.contents(atPath: space.file("run/\(name)")) else { continue }
      let text = String(decoding: data, as: UTF8.self)
      XCTAssertFalse(text.contains("SECRET"), name)
      XCTAssertFalse(text.contains("Who is forget"), name)
    }
    let events = try String(contentsOfFile: space.file("run/events.jsonl"), encoding: .utf8)
    XCTAssertEqual(events.split(separator: "\n").count, 40)
  }

  func testEqualSeedsGiveEqualBytesAndOthersDoNot() throws {
    let space = try Workspace()
    for (name, more) in [("a", []), ("b", []), ("c", ["--seed", "6"])] as [(String, [String])] {
      let result = try Program.run(try arguments(space, name, ["--no-evaluate"] + more))
      XCTAssertEqual(result.status, 0, result.errors)
    }
    XCTAssertEqual(try adapter(space, "a"), try adapter(space, "b"))
    XCTAssertNotEqual(try adapter(space, "a"), try adapter(space, "c"))
  }

  /// The rows of both sets have a frame in common, so that what is kept of it changes the steps.
  func testAPriorChangesTheRunAndSaysWhereItIsOfNoUse() throws {
    let space = try Workspace()
    let (prior, distilled) = (["--set", "retain-prior=2"], ["--objective", "self-distillation"])
    for (name, more) in [
      ("without", distilled + ["--set", "retain-prior=0"]), ("with", distilled + prior), ("again", distilled + prior),
      ("rows", ["--objective", "negative-preference"] + prior),
    ] as [(String, [String])] {
      let result = try Program.run(
        try arguments(space, name, ["--no-evaluate", "--steps", "6"] + more))
      XCTAssertEqual(result.status, 0, result.errors)
      XCTAssertEqual(result.errors.contains("retain-prior is not used"), name == "rows", result.errors)
    }
    XCTAssertEqual(try adapter(space, "with"), try adapter(space, "again"))
    XCTAssertNotEqual(try adapter(space, "with"), try adapter(space, "without"))
  }

  func testUnseenDocumentsSetTheBoundAndAreCheckedFirst() throws {
    let space = try Workspace()
    let documents = space.file("unseen.jsonl")
    try (0..<4).map { "{\"id\": \($0), \"document\": \"Nobody has told story \($0) before.\"}\n" }.joined()
      .write(toFile: documents, atomically: true, encoding: .utf8)
    let more = [
      "--no-evaluate", "--set", "label-scope=documents", "--set", "unseen-period=15", "--unseen", documents,
      "--set", "forget-bound=1000",
    ]
    let result = try Program.run(try arguments(space, "run", more))
    XCTAssertEqual(result.status, 0, result.errors)
    let events = try String(contentsOfFile: space.file("run/events.jsonl"), encoding: .utf8).split(separator: "\n")
    let losses = events.compactMap { $0.firstMatch(of: /"unseen_loss":\s*([0-9.]+)/)?.1 }
    XCTAssertEqual(losses.count, 40)
    XCTAssertEqual(Set(losses).count, 3, "taken at steps 0, 15 and 30")
    try "{\"id\": 1, \"document\": \"\"}\n".write(toFile: documents, atomically: true, encoding: .utf8)
    let refused = try Program.run(try arguments(space, "refused", more))
    XCTAssertEqual(refused.status, 65, refused.errors)
    XCTAssertTrue(refused.errors.contains("unseen.jsonl"), refused.errors)
  }

  func testASmallSetIsGoneThroughForEightySteps() throws {
    let space = try Workspace()
    var arguments = try arguments(space, "run", ["--no-evaluate"])
    let steps = try XCTUnwrap(arguments.firstIndex(of: "--steps"))
    arguments.removeSubrange(steps...steps + 1)
    let result = try Program.run(arguments)
    XCTAssertEqual(result.status, 0, result.errors)
    // Twelve rows in batches of four: 27 passes of three steps, not eight passes of them.
    let events = try String(contentsOfFile: space.file("run/events.jsonl"), encoding: .utf8).split(separator: "\n")
    XCTAssertEqual(events.count, 81)
    let rates = try events.map { line in
      try XCTUnwrap(Double(XCTUnwrap(line.firstMatch(of: /"learning_rate":\s*([0-9.e-]+)/)).1))
    }
    XCTAssertLessThan(try XCTUnwrap(rates.last), try XCTUnwrap(rates.max()) / 10, "a cosine")
  }

  func testKilledRunResumesToTheSameBytes() throws {
    let space = try Workspace()
    let more = ["--no-evaluate", "--set", "retain-budget=0.05", "--set", "retain-budget-rows=3"]
    let whole = try Program.run(try arguments(space, "whole", more))
    XCTAssertEqual(whole.status, 0, whole.errors)
    let expected = try adapter(space, "whole")
    var interrupted = 0
    for trial in 0..<20 {
      let name = "killed\(trial)"
      let process = try Program.start(try arguments(space, name, more))
      usleep(UInt32.random(in: 20_000...500_000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if process.terminationReason == .uncaughtSignal { interrupted += 1 }
      // A run that was killed before its folder appeared is started again, every other one goes on.
      let begun = FileManager.default.fileExists(atPath: space.file("\(name)/run.json"))
      let again = try Program.run(
        begun ? ["run", "--resume", space.file(name)] : try Array(arguments(space, "\(name)x", more)))
      XCTAssertEqual(again.status, 0, again.errors)
      XCTAssertEqual(try adapter(space, begun ? name : "\(name)x"), expected, "trial \(trial)")
    }
    XCTAssertGreaterThan(interrupted, 3)
  }

  /// Over 50 steps in bfloat16 the kernels' losses are as near to those in float32 as the losses of LibTorch's operators.
  func testLossesOfTheKernelsDifferByTheNoiseOfBFloat16Alone() throws {
    let doctor = try Program.run("doctor").output.split(separator: "\n").first { $0.hasPrefix("bfloat16 in hardware") }
    try XCTSkipUnless(try XCTUnwrap(doctor).hasSuffix("yes"), "no bfloat16 in hardware: no kernels for it")
    let space = try Workspace()
    func losses(_ kernels: String, _ dtype: String) throws -> [Double] {
      let name = "\(kernels)-\(dtype)"
      let more = [
        "--no-evaluate", "--steps", "50", "--dtype", dtype, "--set", "kernels=\(kernels)", "--set",
        "retain-budget=none", "--learning-rate", "1e-3",
      ]
      let result = try Program.run(try arguments(space, name, more))
      XCTAssertEqual(result.status, 0, result.errors)
      let events = try String(contentsOfFile: space.file("\(name)/events.jsonl"), encoding: .utf8)
      return try events.split(separator: "\n").flatMap { line -> [Double] in
        let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return ["retain_loss", "forget_loss"].compactMap { event?[$0] as? Double }
      }
    }
    let exact = try losses("composed", "float32")
    XCTAssertEqual(exact.count, 100)
    func distance(_ kernels: String) throws -> Double {
      let found = try losses(kernels, "bfloat16")
      XCTAssertEqual(found.count, exact.count)
      return zip(found, exact).map { abs($0 - $1) }.reduce(0, +) / Double(exact.count)
    }
    let (fused, composed) = (try distance("fused"), try distance("composed"))
    XCTAssertGreaterThan(composed, 0)
    XCTAssertLessThan(fused, 1.5 * composed, "composed \(composed)")
  }

  func testTheChallengesNamesAndATimeBudgetThatLeavesTheAdapter() throws {
    let space = try Workspace()
    let names = [
      "--model": "--model-path", "--forget": "--forget-dir", "--retain": "--retain-dir", "--output": "--output-path",
    ]
    let arguments = try arguments(space, "timed", ["--no-evaluate", "--steps", "1000000", "--time-budget", "2s"])
      .map { names[$0] ?? $0 }
    let result = try Program.run(arguments)
    XCTAssertEqual(result.status, 75, result.errors)
    XCTAssertTrue(result.errors.contains("--resume"), result.errors)
    XCTAssertGreaterThan(try adapter(space, "timed").count, 1000)
    let wrong = try Program.run(arguments.map { $0 == "2s" ? "soon" : $0 })
    XCTAssertEqual(wrong.status, 64, wrong.errors)
  }
}
