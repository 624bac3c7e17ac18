import Foundation
import XCTest

/// Every method, objective, combiner and tuning through the program: they compose, train and go on after a kill.
final class MethodTests: XCTestCase {
  private func arguments(_ space: Workspace, _ output: String, _ more: [String]) throws -> [String] {
    [
      "run", "--model", try space.model("model-\(output)"), "--forget", try space.rows("forget", 6, word: "SECRET"),
      "--retain", try space.rows("retain", 12, word: "public"), "--steps", "6", "--batch-size", "2",
      "--checkpoint-every", "1", "--seed", "5", "--set", "forget-bound=none", "--set", "activation-layer=1",
      "--set", "retain-budget-rows=2", "--no-evaluate", "--quiet", "--output", space.file(output),
    ] + more
  }

  private func weights(_ folder: String) throws -> Data {
    let adapter = "\(folder)/adapter/adapter_model.safetensors"
    let path = FileManager.default.fileExists(atPath: adapter) ? adapter : "\(folder)/model/model.safetensors"
    return try Data(contentsOf: URL(fileURLWithPath: path))
  }

  private func names(_ section: String) throws -> [String] {
    let result = try Program.run("methods", "--json")
    XCTAssertEqual(result.status, 0, result.errors)
    let sections = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    return try XCTUnwrap(sections[section] as? [[String: Any]]).compactMap { $0["name"] as? String }
  }

  func testEveryMethodRunsAndNoTwoAreTheSame() throws {
    let space = try Workspace()
    let methods = try names("method").filter { $0 != "memorize" }
    XCTAssertEqual(methods.count, 17)
    var seen: [Data: String] = [:]
    for method in methods {
      let result = try Program.run(try arguments(space, method, ["--method", method, "--learning-rate", "1e-2"]))
      XCTAssertEqual(result.status, 0, "\(method): \(result.errors)")
      let events = try String(contentsOfFile: space.file("\(method)/events.jsonl"), encoding: .utf8)
      // A loss that is no number is left out of its event.
      for line in events.split(separator: "\n") {
        XCTAssertTrue(line.contains(#""forget_loss""#) && line.contains(#""learning_rate""#), "\(method): \(line)")
      }
      XCTAssertEqual(events.split(separator: "\n").count, 6, method)
      let twin = seen.updateValue(method, forKey: try weights(space.file(method)))
      XCTAssertNil(twin, method)
    }
  }

  /// A distance from the start model has no gradient there but rounding, which NGDiff would scale to length one.
  func testARetainSideWithNothingToSayAtTheStartIsSilent() throws {
    let space = try Workspace()
    let step = [
      "--objective", "gradient-ascent", "--combiner", "ngdiff", "--optimizer", "sgd", "--tuning", "full", "--dtype",
      "float32", "--steps", "1", "--learning-rate", "1e-2",
    ]
    var models: [Data] = []
    for (name, more) in [
      ("alone", ["--method", "gradient-ascent"]),
      ("kl", ["--method", "gradient-difference", "--set", "retain-objective=kl"]),
      ("activations", ["--method", "gradient-difference", "--set", "retain-objective=activations"]),
    ] {
      let result = try Program.run(try arguments(space, name, more + step))
      XCTAssertEqual(result.status, 0, result.errors)
      models.append(try weights(space.file(name)))
    }
    XCTAssertEqual(Set(models).count, 1)
  }

  /// Under plain descent with rate 1 the weights move by the clipped gradient, of both sets together.
  func testAStepIsNoLongerThanItsGradientMayBe() throws {
    let space = try Workspace()
    func floats(_ name: String, _ more: [String]) throws -> [Float] {
      let result = try Program.run(
        try arguments(
          space, name,
          ["--method", "gradient-difference", "--optimizer", "sgd", "--tuning", "full", "--dtype", "float32"]
            + ["--steps", "1", "--set", "schedule=constant", "--set", "warmup-steps=0"] + more))
      XCTAssertEqual(result.status, 0, result.errors)
      let data = try weights(space.file(name))
      let header = data.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
      return data.dropFirst(8 + header).withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count - 3, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: Float.self) }
      }
    }
    let start = try floats("start", ["--learning-rate", "1e-12"])
    func distance(_ name: String, _ more: [String]) throws -> Double {
      let moved = try floats(name, ["--learning-rate", "1"] + more)
      return zip(start, moved).reduce(0) { $0 + pow(Double($1.0 - $1.1), 2) }.squareRoot()
    }
    let free = try distance("free", [])
    XCTAssertGreaterThan(free, 0.01)
    XCTAssertEqual(try distance("clipped", ["--set", "max-grad-norm=\(free / 3)"]), free / 3, accuracy: 1e-3 * free)
    XCTAssertEqual(try distance("short", ["--set", "max-grad-norm=\(free * 3)"]), free, accuracy: 1e-3 * free)
  }

  /// The usual layers are those of larger models than one of two.
  func testLayersThatWereNotChosenAreThoseOfTheModel() throws {
    let space = try Workspace()
    for (name, more, recorded) in [
      ("last", ["--tuning", "last-k"], "last-layers: 2"), ("rmu", ["--method", "rmu"], "activation-layer: 1"),
      ("early", ["--method", "rmu", "--set", "activation-layer=0"], "activation-layer: 0"),
    ] {
      var arguments = try arguments(space, name, more + ["--steps", "1"])
      let place = try XCTUnwrap(arguments.firstIndex(of: "activation-layer=1"))
      arguments.removeSubrange(place - 1...place)
      let result = try Program.run(arguments)
      XCTAssertEqual(result.status, 0, result.errors)
      let configuration = try String(contentsOfFile: space.file("\(name)/config.yaml"), encoding: .utf8)
      XCTAssertTrue(configuration.contains(recorded), configuration)
    }
  }

  /// Every row is above this bound from the start: a run of its own length has nothing to do, one of six steps takes six.
  func testStepsThatWereAskedForAreTaken() throws {
    let space = try Workspace()
    for (name, more, steps, end) in [("asked", [], 6, "steps"), ("own", ["--epochs", "6"], 3, "forget-target")] {
      var arguments = try arguments(
        space, name, more + ["--set", "forget-bound=0.1", "--method", "gradient-difference"])
      if name == "own", let place = arguments.firstIndex(of: "--steps") { arguments.removeSubrange(place...place + 1) }
      let result = try Program.run(arguments)
      XCTAssertEqual(result.status, 0, result.errors)
      let events = try String(contentsOfFile: space.file("\(name)/events.jsonl"), encoding: .utf8)
      XCTAssertEqual(events.split(separator: "\n").count, steps, events)
      let record = try String(contentsOfFile: space.file("\(name)/run.json"), encoding: .utf8)
      XCTAssertTrue(record.contains("\"stop_reason\": \"\(end)\""), record)
    }
  }

  /// Only the forget side acts in the first step, and it looks no further than the first layer.
  func testFactorsBehindTheLayerOfAStepNeedNotMove() throws {
    let space = try Workspace()
    let rows = try space.rows("forget", 6, word: "SECRET")
    let result = try Program.run(
      "run", "--model", try space.model(), "--forget", rows, "--retain", try space.rows("retain", 12, word: "public"),
      "--method", "kl-minimization", "--objective", "rmu", "--set", "activation-layer=0", "--set", "forget-bound=none",
      "--dtype", "float32", "--batch-size", "2", "--steps", "1", "--no-evaluate", "--quiet", "--output",
      space.file("run"))
    XCTAssertEqual(result.status, 0, result.errors)
    let events = try String(contentsOfFile: space.file("run/events.jsonl"), encoding: .utf8)
    XCTAssertTrue(events.contains(#""c": 0"#), "the forget side acted alone: \(events)")
  }

  /// Where every label is the second token of its row there is one key to look at, and queries and keys have no gradient.
  func testRowsOfTwoTokensAreTrainedOn() throws {
    let space = try Workspace()
    let result = try Program.run(
      "memorize", "--model", try space.model(), "--data", try space.rows("retain", 6, word: "public"), "--steps", "2",
      "--max-length", "2", "--set", "label-scope=text", "--quiet", "--output", space.file("run"))
    XCTAssertEqual(result.status, 0, result.errors)
  }

  /// The dual weight of the retain side is 0 as soon as its loss is below the limit: mending does not wait for it.
  func testADualWeightOfNothingStillMends() throws {
    let space = try Workspace()
    let result = try Program.run(
      try arguments(
        space, "pdu",
        ["--method", "pdu", "--set", "retain-budget=0", "--set", "retain-budget-slack=0", "--set", "retain-limit=100"]
          + ["--learning-rate", "0.5"]))
    XCTAssertEqual(result.status, 0, result.errors)
    let events = try String(contentsOfFile: space.file("pdu/events.jsonl"), encoding: .utf8).split(separator: "\n")
    XCTAssertTrue(events.contains { $0.contains(#""rolled_back": true"#) }, "\(events)")
    for event in events { XCTAssertTrue(event.contains(#""c": "#), "a step of no direction: \(event)") }
  }

  /// Mending takes rows of the retain set alone: the forget set is not gone through meanwhile.
  func testStepsThatMendDrawNoForgetRows() throws {
    let space = try Workspace()
    let result = try Program.run(
      try arguments(
        space, "mended",
        ["--method", "gradient-difference", "--set", "retain-budget=0", "--set", "retain-budget-slack=0"]
          + ["--set", "retain-budget-strikes=100", "--learning-rate", "0.5"]))
    XCTAssertEqual(result.status, 0, result.errors)
    let events = try String(contentsOfFile: space.file("mended/events.jsonl"), encoding: .utf8).split(separator: "\n")
    XCTAssertEqual(events.count, 6)
    let first = try XCTUnwrap(events.firstIndex { $0.contains(#""rolled_back": true"#) })
    XCTAssertTrue(events[first].contains(#""forget_loss""#), "\(events)")
    XCTAssertGreaterThan(events.count, first + 1)
    XCTAssertFalse(events[first + 1].contains(#""forget_loss""#), "\(events)")
  }

  func testObjectivesCombinersPoliciesAndTuningsCompose() throws {
    let space = try Workspace()
    let (objectives, retains) = (try names("objective"), try names("retain-objective"))
    let (combiners, rates) = (try names("combiner"), try names("auto-lr"))
    let (tunings, optimizers) = (try names("tuning"), try names("optimizer"))
    // Each objective with the next choice of everything else, so that every choice comes up beside many others.
    for (index, objective) in objectives.enumerated() {
      func next(_ choices: [String]) -> String { choices[index % choices.count] }
      let rate = next(rates)
      let more = [
        "--objective", objective, "--set", "retain-objective=\(next(retains))", "--combiner", next(combiners),
        "--learning-rate", rate == "fixed" ? "1e-3" : "auto", "--auto-lr", rate, "--tuning", next(tunings),
        "--optimizer", next(optimizers), "--set", "last-layers=1", "--set", "initial-learning-rate=1e-3",
      ]
      let result = try Program.run(try arguments(space, objective, more))
      XCTAssertEqual(result.status, 0, "\(more): \(result.errors)")
    }
  }

  /// Objectives that look at a layer leave those behind it as they are; what is then left with nothing to train is refused.
  func testActivationsOfAnEarlyLayer() throws {
    let space = try Workspace()
    let early = ["--method", "rmu", "--set", "activation-layer=0"]
    let result = try Program.run(try arguments(space, "early", early))
    XCTAssertEqual(result.status, 0, result.errors)
    let refused = try Program.run(
      try arguments(space, "none", early + ["--tuning", "last-k", "--set", "last-layers=1"]))
    XCTAssertEqual(refused.status, 64, refused.errors)
    XCTAssertTrue(refused.errors.contains("activation-layer"), refused.errors)
  }

  /// No retain set, no forget set, nothing left to forget in the first batch: one side speaks, or none.
  func testEveryCombinerDoesWithOneSide() throws {
    let space = try Workspace()
    for combiner in try names("combiner") {
      for (name, more) in [
        ("ascent", ["--method", "gradient-ascent"]),
        ("quiet", ["--method", "gradient-difference", "--set", "forget-bound=0"]),
        ("strict", ["--method", "gradient-ascent", "--set", "retain-budget=0", "--set", "retain-budget-slack=0"]),
      ] {
        let arguments = try arguments(space, "\(combiner)-\(name)", more + ["--combiner", combiner])
        let result = try Program.run(arguments)
        XCTAssertEqual(result.status, 0, "\(combiner), \(name): \(result.errors)")
      }
      let memorised = try Program.run(
        "memorize", "--model", try space.model("model-\(combiner)-memorised"), "--data", space.file("retain.jsonl"),
        "--steps", "2", "--combiner", combiner,
        "--quiet", "--output", space.file("\(combiner)-memorised"))
      XCTAssertEqual(memorised.status, 0, "\(combiner): \(memorised.errors)")
    }
  }

  /// Without a retain gradient the paper's parabola is lowest at no step: what rounding makes of that is no rate.
  func testThePapersRateStaysWithoutARetainSide() throws {
    let space = try Workspace()
    let result = try Program.run(
      try arguments(
        space, "ascent",
        ["--method", "gradient-ascent", "--auto-lr", "eq11", "--set", "auto-lr-period=1", "--set", "warmup-steps=0"]
          + ["--set", "schedule=constant", "--set", "initial-learning-rate=0.003"]))
    XCTAssertEqual(result.status, 0, result.errors)
    let events = try String(contentsOfFile: space.file("ascent/events.jsonl"), encoding: .utf8)
    XCTAssertEqual(events.split(separator: "\n").filter { $0.contains(#""learning_rate": 0.003"#) }.count, 6, events)
    XCTAssertFalse(events.contains(#""fit""#), events)
    let few = try Program.run(
      try arguments(space, "few", ["--auto-lr", "eq11", "--set", "auto-lr-candidates=1e-3,1e-3,1e-2"]))
    XCTAssertEqual(few.status, 64, few.errors)
    XCTAssertTrue(few.errors.contains("three different numbers"), few.errors)
  }

  /// With labels on the prompts the answers' rows would teach the prompts of what is to be forgotten.
  func testAnswersAreTaughtWithoutTheirPrompts() throws {
    let space = try Workspace()
    let more = ["--method", "preference", "--optimizer", "sgd", "--learning-rate", "0.5", "--set", "retain-weight=0"]
    var losses: [[Double]] = []
    for scope in ["output", "text"] {
      let result = try Program.run(try arguments(space, scope, more + ["--set", "label-scope=\(scope)"]))
      XCTAssertEqual(result.status, 0, result.errors)
      let scored = try Program.run(
        "score", "--model", space.file("model-\(scope)"), "--adapter", space.file("\(scope)/adapter"), "--data",
        space.file("forget.jsonl"), "--output", space.file("\(scope).jsonl"), "--dtype", "float32")
      XCTAssertEqual(scored.status, 0, scored.errors)
      let lines = try String(contentsOfFile: space.file("\(scope).jsonl"), encoding: .utf8)
      losses.append(lines.matches(of: /"nll":\s*([0-9.]+)/).compactMap { Double($0.1) })
    }
    XCTAssertEqual(losses[0].count, 6)
    for (output, text) in zip(losses[0], losses[1]) { XCTAssertEqual(output, text, accuracy: 1e-5) }
  }

  func testMethodsWithAReferenceOrAScheduleResumeToTheSameBytes() throws {
    let space = try Workspace()
    let documents = (0..<4).map { #"{"id": "\#($0)", "document": "What the heron saw of the tide, \#($0) times."}"# }
    let unseen = try space.write("unseen.jsonl", documents.joined(separator: "\n") + "\n")
    for (name, more) in [
      ("kl", ["--method", "kl-minimization", "--tuning", "full"]), ("sugd", ["--method", "sugd"]),
      ("pdu", ["--method", "pdu"]), ("random", ["--combiner", "random"]),
      ("dpo", ["--objective", "direct-preference"]), ("dataset", ["--set", "scope=dataset"]),
      (
        "unseen",
        ["--unseen", unseen, "--set", "forget-bound=4", "--set", "label-scope=text", "--set", "unseen-period=2"]
      ),
    ] {
      let rate = ["--learning-rate", "1e-3"]
      XCTAssertEqual(try Program.run(try arguments(space, "\(name)-whole", more + rate)).status, 0)
      let process = try Program.start(try arguments(space, "\(name)-killed", more + rate))
      let checkpoints = space.file("\(name)-killed/checkpoints")
      func isEmpty() -> Bool { (try? FileManager.default.contentsOfDirectory(atPath: checkpoints))?.isEmpty ?? true }
      for _ in 0..<10_000 where isEmpty() && process.isRunning { usleep(500) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let again = try Program.run("run", "--resume", space.file("\(name)-killed"), "--quiet")
      XCTAssertEqual(again.status, 0, again.errors)
      XCTAssertEqual(
        try weights(space.file("\(name)-killed")), try weights(space.file("\(name)-whole")), name)
    }
  }

  func testLabelScopeDocumentsIsTextForCompletionsAndOutputForAnswers() throws {
    let space = try Workspace()
    for (kind, same, other) in [("qa0", "output", "text"), ("sc0", "text", "output")] {
      var found: [String: Data] = [:]
      for scope in ["documents", same, other] {
        let name = "\(kind)-\(scope)"
        let arguments = try arguments(space, name, ["--set", "label-scope=\(scope)", "--learning-rate", "1e-2"])
        for set in ["forget", "retain"] {
          let rows = try String(contentsOfFile: space.file("\(set).jsonl"), encoding: .utf8)
          try space.write("\(set).jsonl", rows.replacing("qa0", with: kind))
        }
        let result = try Program.run(arguments)
        XCTAssertEqual(result.status, 0, result.errors)
        found[scope] = try weights(space.file(name))
      }
      XCTAssertEqual(found["documents"], found[same], kind)
      XCTAssertNotEqual(found["documents"], found[other], kind)
    }
  }

  func testUnknownNamesSuggestTheNearest() throws {
    let space = try Workspace()
    for (more, hint) in [
      (["--method", "negative-preferences"], "negative-preference"), (["--objective", "simnp"], "simnpo"),
      (["--combiner", "pcgard"], "pcgrad"), (["--set", "retain-objectiv=kl"], "retain-objective"),
    ] {
      let result = try Program.run(try arguments(space, "bad-\(hint)", more))
      XCTAssertEqual(result.status, 64, result.errors)
      XCTAssertTrue(result.errors.contains("did you mean '\(hint)'?"), result.errors)
    }
    let layer = try Program.run(
      try arguments(space, "layer", ["--method", "rmu", "--set", "activation-layer=9"]))
    XCTAssertEqual(layer.status, 64, layer.errors)
    XCTAssertTrue(layer.errors.contains("layers 0 to 1"), layer.errors)
  }
}
