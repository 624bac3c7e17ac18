import Foundation
import XCTest

/// Several processes that take every step together, started by `launch` or as `torchrun` starts them.
final class LaunchTests: XCTestCase {
  private var space: Workspace!
  private var inputs: [String] = []

  override func setUpWithError() throws {
    space = try Workspace()
    inputs = [
      "--model", try space.model(), "--forget", try space.rows("forget", 14, word: "SECRET"), "--retain",
      try space.rows("retain", 22, word: "public"),
    ]
  }

  private func arguments(_ name: String, _ more: [String] = []) -> [String] {
    let settings = ["--batch-size", "5", "--learning-rate", "0.01", "--seed", "5", "--no-evaluate", "--quiet"]
    return ["run"] + inputs + settings + ["--set", "forget-bound=none", "--output", space.file(name)] + more
  }

  private func launch(_ count: Int, _ command: [String]) throws -> Program.Result {
    try Program.run(["launch", "--nproc", String(count), "--"] + command)
  }

  private func adapter(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: space.file("\(name)/adapter/adapter_model.safetensors")))
  }

  private func events(_ name: String) throws -> [[String: Any]] {
    try String(contentsOfFile: space.file("\(name)/events.jsonl"), encoding: .utf8).split(separator: "\n").map {
      try XCTUnwrap(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  /// The same steps but for rounding: every figure of every event.
  private func assertSameSteps(_ name: String, as other: String, _ what: String) throws {
    let (found, wanted) = (try events(name), try events(other))
    XCTAssertEqual(found.count, wanted.count, what)
    XCTAssertFalse(wanted.isEmpty, what)
    for (found, wanted) in zip(found, wanted) {
      XCTAssertEqual(Set(found.keys), Set(wanted.keys), what)
      for case let (key, value as Double) in wanted {
        XCTAssertEqual(
          found[key] as? Double ?? .nan, value, accuracy: 2e-5 * max(1, abs(value)), "\(what): \(key) of \(wanted)")
      }
    }
  }

  func testStepsAreThoseOfOneProcess() throws {
    for (number, settings) in [
      ["--steps", "5"], ["--steps", "4", "--batch-size", "1", "--tuning", "full"],
      ["--steps", "4", "--method", "negative-preference"],
      ["--steps", "4", "--set", "until-regurgitation=1e-9", "--set", "regurgitation-period=2"],
      ["--steps", "2", "--set", "scope=dataset", "--auto-lr", "eq11"],
      // Every step leaves such a budget, is taken back and mended.
      ["--steps", "4", "--set", "retain-budget=1e-6", "--set", "retain-budget-slack=0"],
      ["--steps", "3", "--method", "preference", "--tuning", "last-k", "--set", "kernels=composed"],
      ["--steps", "3", "--objective", "undial", "--optimizer", "sgd"],
    ].enumerated() {
      let one = try Program.run(arguments("one\(number)", settings))
      XCTAssertEqual(one.status, 0, one.errors)
      let three = try launch(3, arguments("three\(number)", settings))
      XCTAssertEqual(three.status, 0, three.errors)
      XCTAssertEqual(three.errors, "")
      try assertSameSteps("three\(number)", as: "one\(number)", settings.joined(separator: " "))
    }
  }

  func testUnseenDocumentsAreShared() throws {
    let documents = (0..<7).map { #"{"document": "A text of number \#($0) that nobody has seen before."}"# }
    let unseen = try space.write("unseen.jsonl", documents.joined(separator: "\n"))
    let settings = ["--unseen", unseen, "--set", "label-scope=documents", "--set", "unseen-period=2", "--steps", "5"]
    let command = ["run"] + inputs + settings + ["--no-evaluate", "--quiet", "--output"]
    XCTAssertEqual(try Program.run(command + [space.file("one")]).status, 0)
    XCTAssertEqual(try launch(2, command + [space.file("two")]).status, 0)
    try assertSameSteps("two", as: "one", "unseen")
  }

  func testAsManyProcessesGiveTheSameBytes() throws {
    let steps = ["--steps", "4"]
    for (count, name) in [(2, "first"), (2, "second"), (1, "alone")] {
      let result = try launch(count, arguments(name, steps))
      XCTAssertEqual(result.status, 0, result.errors)
    }
    XCTAssertEqual(try adapter("first"), try adapter("second"))
    XCTAssertEqual(try Program.run(arguments("plain", steps)).status, 0)
    XCTAssertEqual(try adapter("alone"), try adapter("plain"))
    let record = try String(contentsOfFile: space.file("first/run.json"), encoding: .utf8)
    XCTAssertTrue(record.contains("\"processes\": 2"), record)
  }

  func testTheFirstEvaluatesAndMemorizeRunsToo() throws {
    let run = try launch(
      2,
      ["run"] + inputs + ["--steps", "2", "--set", "max-new-tokens=4", "--quiet", "--output", space.file("run")])
    XCTAssertEqual(run.status, 0, run.errors)
    XCTAssertEqual(run.output.components(separatedBy: "report.html").count, 2, run.output)
    for moment in ["before", "after"] {
      XCTAssertTrue(
        FileManager.default.fileExists(atPath: space.file("run/evaluation/\(moment)/evaluation.json")), moment)
    }
    let memorize = ["memorize", "--model", inputs[1], "--data", inputs[3], "--steps", "3", "--no-evaluate", "--quiet"]
    XCTAssertEqual(try Program.run(memorize + ["--output", space.file("one")]).status, 0)
    let two = try launch(2, memorize + ["--output", space.file("two")])
    XCTAssertEqual(two.status, 0, two.errors)
    try assertSameSteps("two", as: "one", "memorize")
  }

  /// In the shell, `start` begins a run of many steps in the background and waits for its first checkpoint.
  private func interrupted(_ name: String, _ end: String) throws -> Program.Result {
    let command = arguments(name, ["--steps", "80", "--checkpoint-every", "5"]).map { "'\($0)'" }
    return try Program.shell(
      """
      "$0" launch --nproc 2 -- \(command.joined(separator: " ")) & launcher=$!
      for wait in $(seq 400); do [ -f '\(space.file("\(name)/checkpoints/step-00000005.safetensors"))' ] && break
      sleep 0.01; done
      \(end); wait $launcher; echo "status $?"
      """)
  }

  func testGoesOnAfterASignalOrADeathToTheSameBytes() throws {
    let whole = try launch(2, arguments("whole", ["--steps", "80", "--checkpoint-every", "5"]))
    XCTAssertEqual(whole.status, 0, whole.errors)
    for (name, end, status, words) in [
      ("term", "kill -TERM $launcher", 75, "--resume"), ("int", "kill -INT $launcher", 75, "--resume"),
      ("second", "kill -9 $(pgrep --newest -P $launcher)", 70, "process 1 of 2 was ended by signal 9"),
      ("first", "kill -9 $(pgrep --oldest -P $launcher)", 70, "process 0 of 2 was ended by signal 9"),
      // Its processes notice, and stop as they do after a signal.
      ("launcher", "kill -9 $launcher; sleep 1", 137, "stopped after"),
    ] {
      let stopped = try interrupted(name, end)
      XCTAssertTrue(stopped.output.contains("status \(status)"), "\(name): \(stopped.output)\(stopped.errors)")
      XCTAssertTrue(stopped.errors.contains(words), "\(name): \(stopped.errors)")
      let resumed = try launch(2, ["run", "--resume", space.file(name), "--quiet"])
      XCTAssertEqual(resumed.status, 0, "\(name): \(resumed.errors)")
      XCTAssertEqual(try adapter(name), try adapter("whole"), name)
    }
  }

  func testASignalInTheEvaluationBeforeStopsAll() throws {
    let forget = try space.rows("many", 120, word: "SECRET")
    let command = [
      "run", "--model", inputs[1], "--forget", forget, "--retain", inputs[5], "--output", space.file("run"),
    ]
    let settings = ["--steps", "2", "--set", "evaluate-rows=2000", "--quiet"]
    let line = (command + settings).map { "'\($0)'" }.joined(separator: " ")
    let stopped = try Program.shell(
      """
      "$0" launch --nproc 2 -- \(line) & launcher=$!
      for wait in $(seq 400); do [ -f '\(space.file("run/run.json"))' ] && break; sleep 0.01; done
      kill -TERM $launcher; wait $launcher; echo "status $?"
      """)
    XCTAssertTrue(stopped.output.contains("status 75"), stopped.output + stopped.errors)
    XCTAssertEqual(stopped.errors.components(separatedBy: "error:").count, 2, stopped.errors)
    let record = try String(contentsOfFile: space.file("run/run.json"), encoding: .utf8)
    XCTAssertTrue(record.contains("\"stopped\""), record)
    let resumed = try launch(2, ["run", "--resume", space.file("run"), "--quiet"])
    XCTAssertEqual(resumed.status, 0, resumed.errors)
  }

  func testAnEvaluationThatIsCutLeavesTheThreads() throws {
    let forget = try space.rows("many", 120, word: "SECRET")
    let result = try launch(
      2,
      [
        "run", "--model", inputs[1], "--forget", forget, "--retain", inputs[5], "--output", space.file("run"),
        "--steps", "2", "--set", "evaluate-rows=2000", "--threads", "1", "--time-budget", "2s", "--quiet",
      ])
    XCTAssertTrue([0, 75].contains(result.status), result.errors)
    XCTAssertTrue(result.errors.contains("left unfinished"), result.errors)
    let record = try String(contentsOfFile: space.file("run/run.json"), encoding: .utf8)
    XCTAssertTrue(record.contains("\"threads\": 1,"), record)
  }

  func testGoesOnInAnotherNumberOfProcesses() throws {
    let stopped = try interrupted("run", "kill -TERM $launcher")
    XCTAssertTrue(stopped.output.contains("status 75"), stopped.output + stopped.errors)
    let resumed = try Program.run("run", "--resume", space.file("run"))
    XCTAssertEqual(resumed.status, 0, resumed.errors)
    XCTAssertTrue(resumed.errors.contains("begun in 2 processes"), resumed.errors)
    XCTAssertEqual(try events("run").count, 80)
  }

  func testWhatIsWrongIsSaidOnce() throws {
    let inputs = self.inputs.joined(separator: " ")
    try FileManager.default.createDirectory(atPath: space.file("taken/folder"), withIntermediateDirectories: true)
    for (line, status, words) in [
      ("--nproc 0 -- run", 64, "--nproc"), ("--nproc 5000 -- run", 64, "--nproc"), ("--nproc 2", 64, "<command>"),
      ("-- run", 64, "--nproc"), ("--nproc 2 -- evaluate", 64, "run or memorize"), ("--nproc 2 -- run", 64, "--model"),
      ("--nproc 2 -- run --stepps 3", 64, "--stepps"),
      ("--nproc 2 -- run \(inputs) --model nope", 66, "nope"),
      ("--nproc 2 -- run --resume nope", 66, "nope"),
      ("--nproc 3 -- run \(inputs) --output '\(space.file("taken"))'", 73, "not empty"),
    ] {
      let result = try Program.shell("cd '\(space.path)' && \"$0\" launch \(line)")
      XCTAssertEqual(Int(result.status), status, "\(line): \(result.errors)")
      XCTAssertEqual(result.errors.components(separatedBy: "error:").count, 2, "\(line): \(result.errors)")
      XCTAssertTrue(result.errors.contains(words), "\(line): \(result.errors)")
    }
  }

  func testRunsUnderTheVariablesOfTorchrun() throws {
    let world = "WORLD_SIZE=2 LOCAL_WORLD_SIZE=2 MASTER_ADDR=127.0.0.1 MASTER_PORT=$port"
    // A port that is free now.
    let port =
      "port=$(python3 -c 'import socket; s = socket.socket(); s.bind((\"127.0.0.1\", 0)); print(s.getsockname()[1])')"
    func both(_ first: [String], _ second: [String]) throws -> Program.Result {
      let lines = [first, second].map { $0.map { "'\($0)'" }.joined(separator: " ") }
      return try Program.shell(
        """
        \(port)
        \(world) RANK=1 timeout 120 "$0" \(lines[1]) & other=$!
        \(world) RANK=0 timeout 120 "$0" \(lines[0]); echo "first $?"; wait $other; echo "second $?"
        """)
    }
    let command = arguments("world", ["--steps", "4"])
    let done = try both(command, command)
    XCTAssertTrue(done.output.contains("first 0\nsecond 0"), done.output + done.errors)
    XCTAssertEqual(try launch(2, arguments("launched", ["--steps", "4"])).status, 0)
    XCTAssertEqual(try adapter("world"), try adapter("launched"))

    let differing = try both(arguments("no", ["--steps", "4"]), arguments("no", ["--steps", "5"]))
    XCTAssertTrue(differing.output.contains("first 64\nsecond 64"), differing.output + differing.errors)
    XCTAssertTrue(differing.errors.contains("not the same configuration"), differing.errors)
    XCTAssertFalse(FileManager.default.fileExists(atPath: space.file("no")))
  }
}
