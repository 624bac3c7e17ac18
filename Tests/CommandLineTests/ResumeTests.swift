import Foundation
import XCTest

/// What a run makes of a folder that was damaged since it stopped: it goes on from what is whole, or says what is not.
final class ResumeTests: XCTestCase {
  private var space: Workspace!

  override func setUpWithError() throws { space = try Workspace() }

  private func begin(
    _ name: String, checkpointEvery: Int = 2, directory: String? = nil, forget: String? = nil
  ) throws {
    let result = try Program.run(
      [
        "run", "--model", try space.model("model-\(name)"), "--forget",
        try forget ?? space.rows("forget", 12, word: "SECRET"), "--retain",
        try space.rows("retain", 12, word: "public"),
        "--steps", "8", "--batch-size", "4", "--checkpoint-every", String(checkpointEvery), "--seed", "5",
        "--no-evaluate", "--set", "forget-bound=none", "--quiet",
        "--output", space.file(name),
      ], directory: directory)
    XCTAssertEqual(result.status, 0, result.errors)
  }

  private func markStopped(_ name: String) throws {
    let record = space.file("\(name)/run.json")
    let text = try String(contentsOfFile: record, encoding: .utf8)
    try text.replacing("\"state\": \"done\"", with: "\"state\": \"stopped\"")
      .write(toFile: record, atomically: true, encoding: .utf8)
  }

  /// As if it had been killed behind its sixth step.
  private func stop(_ name: String) throws {
    try markStopped(name)
    try FileManager.default.removeItem(atPath: checkpoint(name, 8))
    try FileManager.default.copyItem(atPath: checkpoint(name, 6), toPath: space.file("kept-\(name)"))
  }

  private func checkpoint(_ name: String, _ step: Int) -> String {
    space.file("\(name)/checkpoints/step-0000000\(step).safetensors")
  }

  private func adapter(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: space.file("\(name)/adapter/adapter_model.safetensors")))
  }

  private func edit(_ path: String, _ change: (inout Data) -> Void) throws {
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    change(&data)
    try data.write(to: URL(fileURLWithPath: path))
  }

  func testADamagedCheckpointIsPassedOver() throws {
    try begin("run", checkpointEvery: 4)
    let expected = try adapter("run")
    for damage in [
      { (data: inout Data) in data[data.count - 3] ^= 1 }, { $0 = $0.prefix($0.count / 2) }, { $0 = Data() },
    ] {
      try markStopped("run")
      try edit(checkpoint("run", 8), damage)
      let result = try Program.run("run", "--resume", space.file("run"))
      XCTAssertEqual(result.status, 0, result.errors)
      XCTAssertTrue(result.errors.contains("step-00000008.safetensors"), result.errors)
      XCTAssertEqual(try adapter("run"), expected)
    }
  }

  func testNoWholeCheckpointIsAnError() throws {
    try begin("run")
    try stop("run")
    let state = try String(decoding: Data(contentsOf: URL(fileURLWithPath: checkpoint("run", 6))), as: UTF8.self)
    XCTAssertTrue(state.contains(#"\"position\":"#))
    for damage in [
      { (data: inout Data) in data[data.count - 1] ^= 0x40 },
      { data in
        // A place in the forget set that it does not have.
        guard let range = data.range(of: Data(#"\"position\":"#.utf8)) else { return }
        data[range.upperBound] = UInt8(ascii: "-")
      },
      { data in
        guard let range = data.range(of: Data(#"\"count\":1"#.utf8)) else { return }
        data[range.upperBound - 1] = UInt8(ascii: "9")
      },
    ] {
      try FileManager.default.removeItem(atPath: checkpoint("run", 6))
      try FileManager.default.copyItem(atPath: space.file("kept-run"), toPath: checkpoint("run", 6))
      try edit(checkpoint("run", 6), damage)
      let result = try Program.run("run", "--resume", space.file("run"))
      XCTAssertEqual(result.status, 65, result.errors)
      XCTAssertTrue(result.errors.contains("step-00000006.safetensors"), result.errors)
      XCTAssertTrue(result.errors.contains("hint: "), result.errors)
    }
  }

  func testAShortEventLogIsAnErrorBeforeAnyStep() throws {
    try begin("run")
    try stop("run")
    let log = space.file("run/events.jsonl")
    try edit(log) { $0 = $0.prefix(100) }
    let result = try Program.run("run", "--resume", space.file("run"))
    XCTAssertEqual(result.status, 65, result.errors)
    XCTAssertTrue(result.errors.contains("events.jsonl"), result.errors)
    XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: log)).count, 100)
  }

  func testGoesOnFromAnotherFolderAndWithoutItsCheckpoints() throws {
    try FileManager.default.createDirectory(atPath: space.file("elsewhere"), withIntermediateDirectories: true)
    _ = try space.rows("forget", 12, word: "SECRET")
    try begin("run", directory: space.path, forget: "forget.jsonl")
    let expected = try adapter("run")
    try stop("run")
    try FileManager.default.removeItem(atPath: space.file("run/checkpoints"))
    try FileManager.default.removeItem(atPath: space.file("run/adapter"))
    let result = try Program.run(["run", "--resume", "../run"], directory: space.file("elsewhere"))
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertEqual(try adapter("run"), expected)
  }

  func testWhatTheModelDoesNotHaveIsSaidBeforeTheFolderIsMade() throws {
    let model = try space.model()
    for (settings, words) in [
      (["--method", "rmu", "--set", "activation-layer=40"], "activation-layer"),
      (["--tuning", "last-k", "--set", "last-layers=99"], "last-layers"),
    ] {
      let result = try Program.run(
        [
          "run", "--model", model, "--forget", try space.rows("forget", 12, word: "SECRET"), "--retain",
          try space.rows("retain", 12, word: "public"), "--output", space.file("run"),
        ] + settings)
      XCTAssertEqual(result.status, 64, result.errors)
      XCTAssertTrue(result.errors.contains(words), result.errors)
      XCTAssertFalse(FileManager.default.fileExists(atPath: space.file("run")))
    }
  }

  func testVerboseTellsTheModelAndEveryStep() throws {
    let result = try Program.run(
      "run", "--model", try space.model(), "--forget", try space.rows("forget", 12, word: "SECRET"), "--retain",
      try space.rows("retain", 12, word: "public"), "--steps", "3", "--no-evaluate", "--verbose", "--output",
      space.file("run"))
    XCTAssertEqual(result.status, 0, result.errors)
    for words in ["2 layers of width", "debug: step 2: retain"] {
      XCTAssertTrue(result.errors.contains(words), result.errors)
    }
  }

  func testARunThatAnotherProcessIsInIsLeftAlone() throws {
    try begin("run")
    try stop("run")
    let record = space.file("run/run.json")
    let before = try Data(contentsOf: URL(fileURLWithPath: record))
    let descriptor = open(space.file("run"), O_RDONLY)
    defer { close(descriptor) }
    XCTAssertEqual(flock(descriptor, LOCK_EX | LOCK_NB), 0)
    let result = try Program.run("run", "--resume", space.file("run"))
    XCTAssertEqual(result.status, 73, result.errors)
    XCTAssertTrue(result.errors.contains("another process"), result.errors)
    XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: record)), before)
  }

  func testARunThatFailsIsNotLeftRunning() throws {
    let model = try space.model()
    try space.edit(model) { $0["model.norm.weight"]?.values[0] = .infinity }
    let result = try Program.run(
      "run", "--model", model, "--forget", try space.rows("forget", 12, word: "SECRET"), "--retain",
      try space.rows("retain", 12, word: "public"), "--set", "forget-bound=none", "--steps", "8", "--no-evaluate",
      "--quiet", "--output", space.file("run"))
    XCTAssertEqual(result.status, 65, result.errors)
    for words in [model, "not finite"] { XCTAssertTrue(result.errors.contains(words), result.errors) }
    let record = try String(contentsOfFile: space.file("run/run.json"), encoding: .utf8)
    XCTAssertTrue(record.contains(#""state": "stopped""#), record)
    XCTAssertTrue(record.contains(#""stop_reason": "error""#), record)
  }
}
