import Basics
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

  /// With a checksum that fits: a count of steps that one more does not fit into ended the program by a signal.
  func testAnOptimizerAheadOfItsRunIsAnError() throws {
    try begin("run", checkpointEvery: 8)
    try markStopped("run")
    try edit(checkpoint("run", 8)) { data in
      let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      guard var header = try? JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: Any],
        var metadata = header["__metadata__"] as? [String: String], let state = metadata["state"]
      else { return XCTFail("no header") }
      let step = String(Int.max)
      var checksum = Checksum()
      checksum.update(state)
      checksum.update(step)
      let ranges = header.values.compactMap { ($0 as? [String: Any])?["data_offsets"] as? [Int] }
      for range in ranges.sorted(by: { $0[0] < $1[0] }) {
        data[(8 + length + range[0])..<(8 + length + range[1])].withUnsafeBytes { checksum.update($0) }
      }
      (metadata["optimizer_step"], metadata["checksum"]) = (step, checksum.digits)
      header["__metadata__"] = metadata
      guard let text = try? JSONSerialization.data(withJSONObject: header) else { return XCTFail("no header") }
      data = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text + data[(8 + length)...]
    }
    let result = try Program.run("run", "--resume", space.file("run"))
    XCTAssertEqual(result.status, 65, result.errors)
    XCTAssertTrue(result.errors.contains("step-00000008.safetensors"), result.errors)
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

  /// A terminal that is closed stops a run as a signal to stop does, and its folder is gone on from.
  func testAClosedTerminalStopsTheRun() throws {
    signal(SIGHUP, SIG_DFL)
    let process = try Program.start([
      "run", "--model", try space.model(), "--forget", try space.rows("forget", 12, word: "SECRET"), "--retain",
      try space.rows("retain", 12, word: "public"), "--steps", "100000", "--checkpoint-every", "1", "--no-evaluate",
      "--set", "forget-bound=none", "--quiet", "--output", space.file("run"),
    ])
    func isEmpty() -> Bool {
      (try? FileManager.default.contentsOfDirectory(atPath: space.file("run/checkpoints")))?.isEmpty ?? true
    }
    for _ in 0..<20_000 where isEmpty() && process.isRunning { usleep(500) }
    kill(process.processIdentifier, SIGHUP)
    process.waitUntilExit()
    XCTAssertEqual(process.terminationReason, .exit)
    XCTAssertEqual(process.terminationStatus, 75)
    let record = try String(contentsOfFile: space.file("run/run.json"), encoding: .utf8)
    XCTAssertTrue(record.contains("\"state\": \"stopped\""), record)
  }

  func testInputsOfARecordAreChecked() throws {
    try begin("run")
    try stop("run")
    let path = space.file("run/run.json")
    let record = try String(contentsOfFile: path, encoding: .utf8)
    for (found, put, field) in [
      (/"retain": \[[^\]]*\]/, #""retain": [-1]"#, "inputs.retain"), (/"mia": null/, #""mia": []"#, "inputs.mia"),
      (/"retain": \[[^\]]*\]/, #""retain": []"#, "inputs.retain"),
    ] as [(Regex<Substring>, String, String)] {
      XCTAssertTrue(record.contains(found), record)
      try record.replacing(found, with: put).write(toFile: path, atomically: true, encoding: .utf8)
      let result = try Program.run("run", "--resume", space.file("run"))
      XCTAssertEqual(result.status, 65, result.errors)
      XCTAssertTrue(result.errors.contains("run.json: '\(field)'"), result.errors)
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
