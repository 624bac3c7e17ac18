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

  /// The lines of the log of a run into `run`, an option and its value left out of its arguments.
  private func events(of arguments: [String], without option: String, _ space: Workspace) throws -> [Substring] {
    let position = try XCTUnwrap(arguments.firstIndex(of: option))
    let result = try Program.run(Array(arguments[..<position] + arguments[(position + 2)...]))
    XCTAssertEqual(result.status, 0, result.errors)
    return try String(contentsOfFile: space.file("run/events.jsonl"), encoding: .utf8).split(separator: "\n")
  }

  func testASmallSetIsGoneThroughMoreOften() throws {
    let space = try Workspace()
    // Twelve rows in batches of four: 40 passes of three steps, not eight passes of them.
    let events = try events(of: arguments(space, "run", ["--no-evaluate"]), without: "--steps", space)
    XCTAssertEqual(events.count, 120)
    let rates = try events.map { line in
      try XCTUnwrap(Double(XCTUnwrap(line.firstMatch(of: /"learning_rate":\s*([0-9.e-]+)/)).1))
    }
    XCTAssertLessThan(try XCTUnwrap(rates.last), try XCTUnwrap(rates.max()) / 4, "it ends under a small rate")
  }

  func testTheRecordedConfigurationSaysWhatMethodModelAndMachineDecide() throws {
    let space = try Workspace()
    let file = try space.write("c.yaml", "warmup-steps: 1\n")
    let begun = try arguments(space, "run", ["--no-evaluate", "--steps", "1", "--config", file])
    XCTAssertEqual(try Program.run(begun).status, 0)
    let text = try String(contentsOfFile: space.file("run/config.yaml"), encoding: .utf8)
    for line in [
      "objective: self-distillation", "retain-objective: nll", "combiner: ngdiff", "auto-lr: gen", "retain-prior: 3",
      "clip-norm: none", "rank: 2", "alpha: 4.0", "dtype: ",
    ] {
      XCTAssertTrue(text.contains("\n\(line)"), "\(line): \(text)")
    }
    let again = try Program.run("run", "--resume", space.file("run"), "--config", file)
    XCTAssertEqual(again.status, 64, "it was begun with more options than the file's: \(again.errors)")
    XCTAssertTrue(again.errors.contains("as the run was begun"), again.errors)
    let other = try Program.run("run", "--resume", space.file("run"), "--rank", "3")
    XCTAssertEqual(other.status, 64, other.errors)
    XCTAssertTrue(other.errors.contains("rank"), other.errors)

    for (text, status) in [("", 0), ("steps: 1\n", 0), ("steps: 2\n", 64)] {
      let file = try space.write("resume.yaml", "resume: \(space.file("run"))\n\(text)")
      let resumed = try Program.run("run", "--config", file)
      XCTAssertEqual(Int(resumed.status), status, text + resumed.errors)
      XCTAssertTrue((resumed.output + resumed.errors).contains(status == 0 ? "done already" : "steps"), resumed.errors)
    }
    let two = try Program.run("run", "--config", space.file("resume.yaml"), "--output", space.file("other"))
    XCTAssertEqual(two.status, 64, two.errors)
    XCTAssertTrue(two.errors.contains("resume"), two.errors)
  }

  func testEpochsOnTheCommandLineWinOverStepsOfTheFile() throws {
    let space = try Workspace()
    let arguments = try arguments(
      space, "run", ["--no-evaluate", "--config", space.write("c.yaml", "steps: 3\n"), "--epochs", "2"])
    XCTAssertEqual(try events(of: arguments, without: "--steps", space).count, 6)
  }

  func testAResumedRunTakesItsOwnOptionsAgainAndRefusesOthers() throws {
    let space = try Workspace()
    let begun = try arguments(space, "run", ["--no-evaluate", "--steps", "3"])
    XCTAssertEqual(try Program.run(begun).status, 0)
    let again = try Program.run(begun + ["--resume", space.file("run"), "--time-budget", "1h", "--quiet"])
    XCTAssertEqual(again.status, 0, again.errors)
    for (option, was) in [("--steps", "3"), ("--seed", "5"), ("--method", "ngdiff+self-distillation")] {
      let other = option == "--method" ? "ngdiff" : "7"
      let result = try Program.run("run", "--resume", space.file("run"), option, other)
      XCTAssertEqual(result.status, 64, result.errors)
      for part in [option.trimmingPrefix("--"), "expected \(was)", "found \(other)", "hint: "] {
        XCTAssertTrue(result.errors.contains(part), "\(part): \(result.errors)")
      }
    }
    let rows = try space.rows("other", 3, word: "x")
    let result = try Program.run("run", "--resume", space.file("run"), "--forget", rows)
    XCTAssertEqual(result.status, 64, result.errors)
    XCTAssertTrue(result.errors.contains("forget.jsonl"), result.errors)
  }

  func testAResumedRunRefusesOtherFilesThanItWasBegunWith() throws {
    let space = try Workspace()
    for side in ["member", "nonmember"] {
      try FileManager.default.createDirectory(atPath: space.file("mia"), withIntermediateDirectories: true)
      try space.write("mia/\(side).jsonl", "{\"id\": \"1\", \"document\": \"One \(side).\"}\n")
    }
    let begun = try Program.run(
      try arguments(space, "run", ["--mia", space.file("mia"), "--time-budget", "1s", "--steps", "100000"]))
    XCTAssertEqual(begun.status, 75, begun.errors)
    XCTAssertTrue(FileManager.default.fileExists(atPath: space.file("run/report.html")))
    func refused(_ name: String) throws {
      let result = try Program.run("run", "--resume", space.file("run"), "--time-budget", "1s")
      XCTAssertEqual(result.status, 65, result.errors)
      XCTAssertTrue(result.errors.contains(name) && result.errors.contains("changed"), result.errors)
    }
    let member = try String(contentsOfFile: space.file("mia/member.jsonl"), encoding: .utf8)
    try space.write("mia/member.jsonl", member.replacing("One", with: "Another"))
    try refused("member.jsonl")
    try space.write("mia/member.jsonl", member)
    let configuration = try String(contentsOfFile: space.file("run/config.yaml"), encoding: .utf8)
    try space.write("run/config.yaml", configuration.replacing("seed: 5", with: "seed: 6"))
    try refused("config.yaml")
    let other = try Program.run("memorize", "--resume", space.file("run"))
    XCTAssertEqual(other.status, 64, other.errors)
  }

  func testARunStopsWhenItSaysLittleOfTheForgetSet() throws {
    let space = try Workspace()
    let known = space.file("known")
    let rows = try space.rows("forget", 12, word: "SECRET")
    let memorised = try Program.run(
      "memorize", "--model", try space.model(), "--data", rows, "--output", known, "--steps", "150", "--learning-rate",
      "1e-2", "--quiet")
    XCTAssertEqual(memorised.status, 0, memorised.errors)
    let result = try Program.run(
      "run", "--model", known, "--forget", rows, "--retain", try space.rows("retain", 12, word: "public"), "--steps",
      "200",
      "--no-evaluate", "--learning-rate", "3e-3", "--set", "forget-bound=none", "--set", "until-regurgitation=0.4",
      "--set",
      "regurgitation-period=5", "--output", space.file("run"))
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertTrue(result.output.contains("ended by: forget-target"), result.output)
    let events = try String(contentsOfFile: space.file("run/events.jsonl"), encoding: .utf8).split(separator: "\n")
    XCTAssertLessThan(events.count, 200)
    XCTAssertEqual(events.count % 5, 0)
    let said = events.compactMap { $0.firstMatch(of: /"regurgitation":\s*([0-9.]+)/).map { Double($0.1) } }
    XCTAssertEqual(said.count, events.count / 5)
    XCTAssertGreaterThan(try XCTUnwrap(said.first ?? nil), 0.8, "known by heart at first")
    XCTAssertLessThanOrEqual(try XCTUnwrap(said.last ?? nil), 0.4)
  }

  func testLossesAtWhichARunEnds() throws {
    let space = try Workspace()
    let result = try Program.run(
      try arguments(space, "run", ["--no-evaluate", "--steps", "60", "--learning-rate", "1e-2"])
        + ["--set", "forget-bound=none", "--set", "until-forget-loss=5"])
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertTrue(result.output.contains("ended by: forget-target"), result.output)
    let losses = try losses("forget_loss", space.file("run"))
    func mean(_ end: Int) -> Double { losses[(end - 4)..<end].reduce(0, +) / 4 }
    XCTAssertTrue((4..<60).contains(losses.count), "\(losses)")
    for end in 4...losses.count { XCTAssertEqual(mean(end) >= 5, end == losses.count, "\(losses)") }

    let learned = try Program.run(
      "memorize", "--model", space.model("start"), "--data", space.rows("forget", 12, word: "SECRET"), "--batch-size",
      "4", "--epochs", "60", "--learning-rate", "1e-2", "--set", "until-training-loss=1", "--quiet", "--output",
      space.file("learned"))
    XCTAssertEqual(learned.status, 0, learned.errors)
    XCTAssertTrue(learned.output.contains("ended by: training-target"), learned.output)
    let steps = try self.losses("retain_loss", space.file("learned"))
    XCTAssertEqual(steps.count % 3, 0, "whole epochs of three batches")
    for end in stride(from: 3, through: steps.count, by: 3) {
      XCTAssertEqual(steps[(end - 3)..<end].reduce(0, +) / 3 <= 1, end == steps.count, "\(steps)")
    }
  }

  private func losses(_ key: String, _ folder: String) throws -> [Double] {
    let events = try String(contentsOfFile: "\(folder)/events.jsonl", encoding: .utf8)
    return events.split(separator: "\n").compactMap { event in
      let object = try? JSONSerialization.jsonObject(with: Data(event.utf8)) as? [String: Any]
      return object?[key] as? Double
    }
  }

  func testWithoutAnOutputARunGetsAFolderOfItsOwn() throws {
    let space = try Workspace()
    var begun = try arguments(space, "run", ["--no-evaluate", "--steps", "1", "--method", "ngdiff"])
    let output = try XCTUnwrap(begun.firstIndex(of: "--output"))
    begun.removeSubrange(output...output + 1)
    for name in ["runs/ngdiff-1", "runs/ngdiff-2"] {
      let result = try Program.run(begun, directory: space.path)
      XCTAssertEqual(result.status, 0, result.errors)
      XCTAssertTrue(result.output.contains(name), result.output)
      XCTAssertTrue(FileManager.default.fileExists(atPath: space.file("\(name)/adapter/adapter_model.safetensors")))
    }
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
