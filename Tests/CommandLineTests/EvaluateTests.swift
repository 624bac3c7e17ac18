import Foundation
import XCTest

/// `evaluate` on a tiny model: what it writes, what it refuses, and that a killed one goes on.
final class EvaluateTests: XCTestCase {
  /// A folder with forget and retain rows of two tasks and both kinds.
  private func data(_ space: Workspace, _ name: String = "data", rows: Int = 12) throws -> String {
    let folder = space.file(name)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for side in ["forget", "retain"] {
      let lines = (0..<rows).map { index in
        let kind = index % 3 == 0 ? "sc" : "qa"
        return
          #"{"id": "\#(side)\#(index)\#(kind)1", "input": "Who is \#(side) \#(index)?", "output": " answer \#(index)", "task": "Task\#(index % 2 + 1)"}"#
      }
      try space.write("\(name)/\(side).jsonl", lines.joined(separator: "\n") + "\n")
    }
    return folder
  }

  private func documents(_ space: Workspace) throws -> String {
    try FileManager.default.createDirectory(atPath: space.file("mia"), withIntermediateDirectories: true)
    for name in ["member", "nonmember"] {
      let lines = (0..<5).map { #"{"id": "\#(name)\#($0)", "document": "This is \#(name) number \#($0)."}"# }
      try space.write("mia/\(name).jsonl", lines.joined(separator: "\n"))
    }
    return space.file("mia")
  }

  private func arguments(_ space: Workspace, _ output: String, _ more: [String] = []) throws -> [String] {
    let model = FileManager.default.fileExists(atPath: space.file("model")) ? space.file("model") : try space.model()
    return [
      "evaluate", "--model", model, "--data", try data(space), "--dtype", "float32", "--max-new-tokens", "6",
      "--output", space.file(output),
    ] + more
  }

  private func object(_ path: String) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
    return try XCTUnwrap(value as? [String: Any])
  }

  /// pandas makes a joined column of booleans and decimal numbers one of objects: `True` stays what it is.
  func testBooleansBesideDecimalNumbersInStoredRows() throws {
    let space = try Workspace()
    try FileManager.default.createDirectory(atPath: space.file("stored"), withIntermediateDirectories: true)
    let header = "id,task,input,expected_output,model_output,nll\n"
    try space.write("stored/forget_0.csv", header + "aqa1,Task1,i,true,true,1\nbqa1,Task1,i,false,x,1\n")
    try space.write("stored/forget_1.csv", header + "cqa1,Task1,i,7.5,y,1\n")
    try space.write("stored/retain_0.csv", header + "rqa1,Task1,i,x,x,1\n")
    let result = try Program.run("evaluate", "--generations", space.file("stored"), "--output", space.file("scores"))
    XCTAssertEqual(result.status, 0, result.errors)
    let scores = try object(space.file("scores/evaluation_results.jsonl"))
    let forget = try XCTUnwrap(scores["forget-set"] as? [String: Any])
    XCTAssertEqual(try XCTUnwrap(forget["overall-knowledge-score"] as? Double), 1.0 / 3, accuracy: 1e-9)
  }

  func testEveryFolderOfEvaluateCanBeCompared() throws {
    let space = try Workspace()
    let official = try Program.run(try arguments(space, "official", ["--mia", documents(space)]))
    XCTAssertEqual(official.status, 0, official.errors)
    let suite = try Program.run(
      "evaluate", "--model", space.file("model"), "--suite", "membership", "--mia", space.file("mia"), "--dtype",
      "float32",
      "--output", space.file("suite"))
    XCTAssertEqual(suite.status, 0, suite.errors)
    let stored = try Program.run("evaluate", "--generations", space.file("official"), "--output", space.file("stored"))
    XCTAssertEqual(stored.status, 0, stored.errors)
    let onto = try Program.run("evaluate", "--generations", space.file("official"), "--output", space.file("official"))
    XCTAssertEqual(onto.status, 73, onto.errors)
    let names = ["official", "suite", "stored"]
    let result = try Program.run(["compare"] + names.map(space.file) + ["--format", "csv"])
    XCTAssertEqual(result.status, 0, result.errors)
    for part in names + ["task aggregate", "membership,", "forget regurgitation"] {
      XCTAssertTrue(result.output.contains(part), "\(part): \(result.output)")
    }
    XCTAssertFalse(
      result.output.split(separator: "\r\n").dropFirst().contains { $0.hasSuffix("–,–,–") }, result.output)
  }

  func testGenerationSettingsThatAreNotAppliedAreNamed() throws {
    let space = try Workspace()
    let model = try space.model()
    let rows = try space.write("rows.jsonl", #"{"id": null, "input": "Who is it?"}"# + "\n")
    for (settings, ignored) in [
      (
        "{\"repetition_penalty\": 1.3, \"num_beams\": 1, \"bad_words_ids\": [[1]]}", "repetition_penalty, bad_words_ids"
      ),
      ("{\"repetition_penalty\": 1.0, \"no_repeat_ngram_size\": 0, \"suppress_tokens\": null}", nil),
    ] as [(String, String?)] {
      try space.write("model/generation_config.json", settings)
      let result = try Program.run(
        "generate", "--model", model, "--data", rows, "--max-new-tokens", "2", "--dtype", "float32", "--output",
        space.file("out.jsonl"))
      XCTAssertEqual(result.status, 0, result.errors)
      XCTAssertEqual(result.errors.contains("not applied"), ignored != nil, result.errors)
      if let ignored { XCTAssertTrue(result.errors.contains(ignored), result.errors) }
    }
  }

  func testOptionsThatASuiteDoesNotTakeAndIdsThatAreNotOfficial() throws {
    let space = try Workspace()
    let limited = try Program.run(
      "evaluate", "--model", try space.model(), "--suite", "muse", "--data", space.path, "--max-new-tokens", "5",
      "--output", space.file("muse"))
    XCTAssertEqual(limited.status, 64, limited.errors)
    let folder = try data(space)
    try space.write("data/retain.jsonl", #"{"id": "zz", "input": "a", "output": "b", "task": "Task1"}"#)
    let wrong = try Program.run(
      "evaluate", "--model", space.file("model"), "--data", folder, "--output", space.file("official"))
    XCTAssertEqual(wrong.status, 65, wrong.errors)
    for part in ["retain.jsonl:1:", "'id'", "'zz'"] { XCTAssertTrue(wrong.errors.contains(part), wrong.errors) }
  }

  func testWritesTheOfficialFilesAndScoresThemAgain() throws {
    let space = try Workspace()
    let result = try Program.run(try arguments(space, "out", ["--mia", documents(space)]))
    XCTAssertEqual(result.status, 0, result.errors)
    let files = try FileManager.default.contentsOfDirectory(atPath: space.file("out")).sorted()
    XCTAssertEqual(
      files, ["evaluation.json", "evaluation_results.jsonl", "forget_0.csv", "mia.json", "retain_0.csv"])
    let scores = try object(space.file("out/evaluation_results.jsonl"))
    XCTAssertEqual((scores["aggregated-terms"] as? [Any])?.count, 8)
    XCTAssertNotNil(scores["mia_loss_acc"])
    let again = try Program.run(
      "evaluate", "--generations", space.file("out"), "--mia-scores", space.file("out/mia.json"), "--output",
      space.file("again"))
    XCTAssertEqual(again.status, 0, again.errors)
    XCTAssertEqual(
      try String(contentsOfFile: space.file("out/evaluation_results.jsonl"), encoding: .utf8),
      try String(contentsOfFile: space.file("again/evaluation_results.jsonl"), encoding: .utf8))
  }

  func testSampleIsMarkedEverywhere() throws {
    let space = try Workspace()
    let result = try Program.run(try arguments(space, "out", ["--sample", "4", "--mia", documents(space)]))
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertTrue(result.output.contains("sample"), result.output)
    XCTAssertTrue(FileManager.default.fileExists(atPath: space.file("out/forget_sample_0.csv")))
    for name in ["evaluation_results.jsonl", "evaluation.json", "mia.json"] {
      XCTAssertNotNil(try object(space.file("out/\(name)"))["sample"] as? [String: Any], name)
    }
    let again = try Program.run(
      "evaluate", "--generations", space.file("out"), "--mia-scores", space.file("out/mia.json"), "--output",
      space.file("again"))
    XCTAssertEqual(again.status, 0, again.errors)
    XCTAssertTrue(again.errors.contains("sample"), again.errors)
    for name in ["evaluation_results.jsonl", "scores.json"] {
      XCTAssertEqual(try object(space.file("again/\(name)"))["sample"] as? Bool, true, name)
    }
    XCTAssertTrue(try Program.run("compare", space.file("again")).output.contains("again (sample)"))
  }

  /// Every part that was looked at in part, and how much of it.
  func testASampleSaysHowMuchOfWhat() throws {
    let space = try Workspace()
    let result = try Program.run(try arguments(space, "out", ["--sample", "4", "--mia", documents(space)]))
    XCTAssertTrue(
      result.output.contains("sample: 4 of 12 forget rows, 4 of 12 retain rows, 8 of 10 documents"), result.output)
    let note = try XCTUnwrap(try object(space.file("out/mia.json"))["sample"] as? [String: Any])
    XCTAssertEqual(note["documents"] as? [Int], [8, 10])
  }

  func testOptionsThatNoChosenSuiteTakesAreRefused() throws {
    let space = try Workspace()
    for (more, name) in [
      (["--suite", "muse", "--mmlu", "m"], "--mmlu goes with suite semeval"),
      (["--suite", "tofu", "--mia", "m"], "--mia goes with suite semeval and membership"),
      (["--forget-split", "forget01"], "--forget-split goes with suite tofu"),
    ] {
      let result = try Program.run(try arguments(space, "out", more).filter { $0 != "--max-new-tokens" && $0 != "6" })
      XCTAssertEqual(result.status, 64, result.errors)
      XCTAssertTrue(result.errors.contains(name), result.errors)
    }
    let stored = try Program.run("evaluate", "--generations", "g", "--split", "train", "--output", "o")
    XCTAssertEqual(stored.status, 64, stored.errors)
    XCTAssertTrue(stored.errors.contains("--split"), stored.errors)
    // What a later suite lacks is said before the first one runs.
    let later = try Program.run(try arguments(space, "out", ["--suite", "semeval,tofu"]))
    XCTAssertEqual(later.status, 66, later.errors)
    XCTAssertFalse(FileManager.default.fileExists(atPath: space.file("out")))
  }

  func testKilledEvaluationGoesOnToTheSameBytes() throws {
    let space = try Workspace()
    let whole = try Program.run(try arguments(space, "whole"))
    XCTAssertEqual(whole.status, 0, whole.errors)
    func contents(_ output: String) throws -> [Data] {
      try ["forget_0.csv", "retain_0.csv", "evaluation_results.jsonl"].map {
        try Data(contentsOf: URL(fileURLWithPath: space.file("\(output)/\($0)")))
      }
    }
    var wentOn = 0
    for trial in 0..<8 {
      // One of them in a folder that it reads from.
      let output = trial == 7 ? "model/killed" : "killed\(trial)"
      // Once: a file that is written again is another one.
      let arguments = try arguments(space, output)
      let process = try Program.start(arguments)
      // From the first journal on, a little later each time.
      let journal = space.file("\(output)/unfinished/forget-losses.jsonl")
      for _ in 0..<5000 where !FileManager.default.fileExists(atPath: journal) { usleep(1000) }
      usleep(UInt32(trial * 8_000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      guard FileManager.default.fileExists(atPath: space.file("\(output)/unfinished")) else { continue }
      wentOn += 1
      let again = try Program.run(arguments)
      XCTAssertEqual(again.status, 0, again.errors)
      XCTAssertFalse(again.errors.contains("starting over"), again.errors)
      XCTAssertEqual(try contents(output), try contents("whole"), "trial \(trial)")
      XCTAssertFalse(FileManager.default.fileExists(atPath: space.file("\(output)/unfinished")))
    }
    XCTAssertGreaterThan(wentOn, 0)
  }

  func testGoesOnAfterAKillAmongTheResults() throws {
    let space = try Workspace()
    XCTAssertEqual(try Program.run(try arguments(space, "whole")).status, 0)
    // As a kill leaves it: journals, one result in place, one still being written.
    let folder = space.file("killed")
    try FileManager.default.createDirectory(atPath: "\(folder)/unfinished", withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: space.file("whole/forget_0.csv"), toPath: "\(folder)/forget_0.csv")
    try Data("id,".utf8).write(to: URL(fileURLWithPath: "\(folder)/retain_0.csv.partial-\(Int32.max)"))
    let again = try Program.run(try arguments(space, "killed"))
    XCTAssertEqual(again.status, 0, again.errors)
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted(),
      try FileManager.default.contentsOfDirectory(atPath: space.file("whole")).sorted())
  }

  /// As a kill leaves a folder: what was done of it, and by which suites and settings.
  private func leaveUnfinished(_ folder: String, suites: String) throws {
    try FileManager.default.createDirectory(atPath: "\(folder)/unfinished", withIntermediateDirectories: true)
    try suites.write(toFile: "\(folder)/unfinished/suites", atomically: true, encoding: .utf8)
  }

  func testAnUnfinishedEvaluationIsNotLostToAnother() throws {
    let space = try Workspace()
    let documents = try documents(space)
    let membership = ["evaluate", "--model", try space.model(), "--mia", documents, "--suite", "membership"]
    let folder = space.file("out")
    try leaveUnfinished(folder, suites: "semeval")
    let refused = try Program.run(membership + ["--output", folder])
    XCTAssertEqual(refused.status, 73, refused.errors)
    XCTAssertTrue(refused.errors.contains("unfinished evaluation of semeval"), refused.errors)
    XCTAssertTrue(FileManager.default.fileExists(atPath: "\(folder)/unfinished/suites"))

    // Of another model or other settings nothing stays.
    try "other".write(toFile: "\(folder)/unfinished/fingerprint", atomically: true, encoding: .utf8)
    try "{}".write(toFile: "\(folder)/tofu.json", atomically: true, encoding: .utf8)
    try "x".write(toFile: "\(folder)/forget_sample_0.csv", atomically: true, encoding: .utf8)
    let official = try Program.run(try arguments(space, "out"))
    XCTAssertEqual(official.status, 0, official.errors)
    XCTAssertTrue(official.errors.contains("starting over"), official.errors)
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted(),
      ["evaluation.json", "evaluation_results.jsonl", "forget_0.csv", "retain_0.csv"])

    let descriptor = open(folder, O_RDONLY)
    defer { close(descriptor) }
    XCTAssertEqual(flock(descriptor, LOCK_EX | LOCK_NB), 0)
    try leaveUnfinished(folder, suites: "semeval")
    let stored = try Program.run("evaluate", "--generations", folder, "--output", folder)
    XCTAssertEqual(stored.status, 73, stored.errors)
    let second = try Program.run(try arguments(space, "out"))
    XCTAssertEqual(second.status, 73, second.errors)
    XCTAssertTrue(second.errors.contains("another process"), second.errors)
  }

  func testAReferenceOfOtherRowsIsSaidToBe() throws {
    let space = try Workspace()
    let sample = ["--sample", "4"]
    let reference = try Program.run(try arguments(space, "reference", sample + ["--mia", documents(space)]))
    XCTAssertEqual(reference.status, 0, reference.errors)
    for (name, more, isOther) in [
      ("same", sample, false), ("whole", [], true), ("seed", sample + ["--seed", "1"], true),
    ] {
      let result = try Program.run(try arguments(space, name, more + ["--reference", space.file("reference")]))
      XCTAssertEqual(result.status, 0, result.errors)
      XCTAssertEqual(result.errors.contains("another sample"), isOther, "\(name): \(result.errors)")
    }
  }

  func testASampleOfASuiteIsMarked() throws {
    let space = try Workspace()
    let run = ["evaluate", "--model", try space.model(), "--mia", try documents(space), "--suite", "membership"]
    let result = try Program.run(run + ["--sample", "2", "--output", space.file("out")])
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertTrue(result.output.contains("sample: 2 of 5 member, 2 of 5 nonmember"), result.output)
    XCTAssertTrue(try Program.run("compare", space.file("out")).output.contains("out (sample)"))
    XCTAssertEqual(try Program.run(run + ["--output", space.file("out")]).status, 73, "it is finished")
    let other = try Program.run(run + ["--reference", space.file("out"), "--output", space.file("other")])
    XCTAssertEqual(other.status, 65, other.errors)
    XCTAssertTrue(other.errors.contains("row_limit"), other.errors)
    // A sample of all there is.
    let all = try Program.run(run + ["--sample", "5", "--output", space.file("all")])
    XCTAssertEqual(all.status, 0, all.errors)
    let whole = try Program.run(run + ["--reference", space.file("all"), "--output", space.file("whole")])
    XCTAssertEqual(whole.status, 0, whole.errors)
  }

  func testBadInput() throws {
    let space = try Workspace()
    func check(_ more: [String], _ status: Int32, _ words: String...) throws {
      let result = try Program.run(try arguments(space, "bad", more))
      XCTAssertEqual(result.status, status, result.errors)
      for word in words { XCTAssertTrue(result.errors.contains(word), result.errors) }
      XCTAssertFalse(FileManager.default.fileExists(atPath: space.file("bad")))
    }
    try check(["--mia", space.file("absent")], 66, "absent")
    try check(["--mia", try data(space, "notmia")], 66, "member.jsonl")
    try check(["--mmlu", try data(space, "notmmlu")], 66, "dev and test")
    try check(["--suite", "tofuu"], 64, "did you mean 'tofu'")
    try check(["--generations", space.file("x")], 64, "--generations")
    let folder = try data(space, "odd")
    try space.write(
      "odd/forget.jsonl", #"{"id": "row-7", "input": "a", "output": "b", "task": "Task1"}"# + "\n")
    try check(["--data", folder], 65, "row-7", "sc or qa")
    let row = #"{"id": "xqa1", "input": "a", "output": "b", "task": "Task1"}"#
    try space.write("odd/forget.jsonl", "\(row)\n\(row)\n")
    try check(["--data", folder], 65, "forget.jsonl:2", "xqa1")
  }

  func testCompareShowsRunsSideBySide() throws {
    let space = try Workspace()
    for output in ["a", "b"] { XCTAssertEqual(try Program.run(try arguments(space, output)).status, 0) }
    let text = try Program.run("compare", space.file("a"), space.file("b"), "--published", "1B")
    XCTAssertEqual(text.status, 0, text.errors)
    XCTAssertTrue(text.output.contains("AILS-NTUA 1B, published") && text.output.contains("0.688"), text.output)
    for (format, start) in [("csv", "of,figure,better,a,b"), ("markdown", "| of | figure |"), ("html", "<!doctype")] {
      let result = try Program.run("compare", space.file("a"), space.file("b"), "--format", format)
      XCTAssertTrue(result.output.hasPrefix(start), result.output)
    }
    XCTAssertEqual(try Program.run("compare", space.file("none")).status, 66)
  }
}
