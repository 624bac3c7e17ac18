import Foundation
import XCTest

/// The program as a process among others: where it is started, who reads what it says, what ends it, who else runs.
final class ProcessTests: XCTestCase {
  /// A line of bash in the workspace's folder, in which `$0` is the program.
  private func shell(_ space: Workspace, _ line: String) throws -> Program.Result {
    try Program.shell("cd '\(space.path)' || exit\n\(line)")
  }

  private func exists(_ space: Workspace, _ name: String) -> Bool {
    FileManager.default.fileExists(atPath: space.file(name))
  }

  func testPathsOfOneLetter() throws {
    let space = try Workspace()
    _ = try space.model("m")
    try space.write("t.jsonl", "{\"text\": \"a b\"}\n")
    for (line, made) in [
      ("\"$0\" tokenize --model m --data t.jsonl --output o", "o"),
      ("\"$0\" data synthesize --preset demo --output s", "s/forget_train.jsonl"),
      ("\"$0\" data synthesize --preset demo --output a/b/", "a/b/forget_train.jsonl"),
    ] {
      let result = try shell(space, line)
      XCTAssertEqual(result.status, 0, "\(line): \(result.errors)")
      XCTAssertTrue(exists(space, made), made)
    }
  }

  func testFillsAnEmptyFolderWhereItIs() throws {
    let space = try Workspace()
    let result = try shell(
      space, "mkdir here && cd here && \"$0\" data synthesize --preset demo --output . && ls -A && test -e ../here/mia")
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertTrue(result.output.contains("forget_train.jsonl"), result.output)
    XCTAssertFalse(result.output.contains("partial"), result.output)
  }

  func testNobodyListeningIsNoFault() throws {
    let space = try Workspace()
    _ = try space.model("m")
    try space.write("t.jsonl", "{\"text\": \"a b\"}\n")
    for redirection in ["2>/dev/full", "2>&-", "2> >(exec true)"] {
      let failed = try shell(space, "\"$0\" tokenize --model nope --data t.jsonl --output o \(redirection)")
      XCTAssertEqual(failed.status, 66, redirection)
      let done = try shell(space, "\"$0\" tokenize --model m --data t.jsonl --output o --verbose \(redirection)")
      XCTAssertEqual(done.status, 0, redirection)
    }
    let text = try String(contentsOfFile: space.file("o"), encoding: .utf8)
    XCTAssertEqual(text.split(separator: "\n").count, 1, text)
    XCTAssertEqual(try shell(space, "\"$0\" --help > /dev/full").status, 73)
  }

  func testASignalLeavesNothingHalfWritten() throws {
    let space = try Workspace()
    _ = try space.model("m")
    let rows = (0..<4000).map { #"{"id": "\#($0)", "input": "Who is number \#($0)?", "output": " Nobody at all."}"# }
    try space.write("rows.jsonl", rows.joined(separator: "\n"))
    let result = try shell(
      space,
      """
      "$0" generate --model m --data rows.jsonl --max-new-tokens 400 --output o.jsonl --quiet & child=$!
      for wait in $(seq 100); do ls | grep -q partial && break; sleep 0.05; done
      sleep 0.3; kill -TERM $child; wait $child; echo "status $?"; ls
      """)
    XCTAssertTrue(result.output.contains("status 143"), result.output)
    XCTAssertFalse(result.output.contains("partial"), result.output)
    XCTAssertFalse(exists(space, "o.jsonl"))
  }

  func testOfTwoRunsIntoOneFolderOneIsRefused() throws {
    let space = try Workspace()
    let (forget, retain) = (try space.rows("forget", 6, word: "SECRET"), try space.rows("retain", 6, word: "public"))
    _ = try space.model("m")
    let run = "\"$0\" run --model m --forget \(forget) --retain \(retain) --steps 3 --no-evaluate --quiet --output r"
    let result = try shell(space, "\(run) & first=$!; \(run); second=$?; wait $first; echo \"$? $second\"")
    let statuses = result.output.split(separator: "\n").last?.split(separator: " ").sorted()
    XCTAssertEqual(statuses, ["0", "73"], result.output + result.errors)
  }

  func testOfSeveralOneConvertsAModel() throws {
    let space = try Workspace()
    try space.write("rows.jsonl", #"{"id": 1, "input": "a", "output": " b"}"# + "\n")
    let model = Program.root.appendingPathComponent("Tests/CheckpointsTests/Fixtures/llama.gguf").path
    let result = try shell(
      space,
      """
      export XDG_CACHE_HOME="$PWD/cache"
      for one in 1 2 3 4; do "$0" score --model '\(model)' --data rows.jsonl --output scores-$one.jsonl & done
      wait; cat scores-*.jsonl | sort -u
      """)
    XCTAssertEqual(result.errors.components(separatedBy: "converting").count, 2, result.errors)
    XCTAssertEqual(result.output.split(separator: "\n").count, 1, result.output + result.errors)
    for one in 1...4 { XCTAssertTrue(exists(space, "scores-\(one).jsonl"), result.errors) }
  }

  func testAllCommandsTakeDeviceThreadsAndSeed() throws {
    let space = try Workspace()
    let model = try space.model()
    let fixtures = Program.root.appendingPathComponent("Tests").path
    let rows = try space.write("rows.jsonl", #"{"id": 1, "input": "a", "output": "b", "text": "c"}"# + "\n")
    let data = ["--model", model, "--data", rows, "--output"]
    let adapter = "\(fixtures)/LanguageModelsTests/Fixtures/llama-gqa-tied/adapter"
    for arguments in [
      ["score"] + data + [space.file("scores.jsonl")],
      ["generate", "--max-new-tokens", "1"] + data + [space.file("g.jsonl")],
      ["tokenize"] + data + [space.file("ids.jsonl")],
      ["merge", "--model", model, "--adapter", adapter, "--output", space.file("merged")],
      ["convert", "\(fixtures)/CheckpointsTests/Fixtures/llama.gguf", space.file("converted")],
    ] {
      let result = try Program.run(arguments + ["--device", "cpu", "--threads", "1", "--seed", "3"])
      XCTAssertEqual(result.status, 0, "\(arguments[0]): \(result.errors)")
      for wrong in [["--device", "abacus"], ["--threads", "0"], ["--seed", "x"]] {
        let refused = try Program.run(arguments + wrong)
        XCTAssertEqual(refused.status, 64, "\(arguments[0]): \(refused.errors)")
        XCTAssertTrue(refused.errors.contains(wrong[0]), "\(arguments[0]): \(refused.errors)")
      }
    }
  }

  func testAMistypedCommandIsNamedWithTheNearest() throws {
    for (arguments, word, hint) in [
      (["genrate", "--model", "m"], "'genrate'", "unlearn generate"), (["evalute"], "'evalute'", "unlearn evaluate"),
      (["data", "desribe", "--data", "d"], "'desribe'", "unlearn data describe"),
      (["config", "chek", "x"], "'chek'", "unlearn config check"), (["help", "scor"], "'scor'", "unlearn score"),
      (["serve", "--nproc", "2"], "'serve'", "unlearn help"), (["nonsense"], "'nonsense'", "unlearn --help"),
    ] {
      let result = try Program.run(arguments)
      XCTAssertEqual(result.status, 64, "\(arguments)")
      XCTAssertTrue(result.errors.contains(word) && result.errors.contains(hint), result.errors)
    }
    for arguments in [[], ["--help"], ["help"], ["help", "data", "describe"], ["data", "--help"], ["--version"]] {
      XCTAssertEqual(try Program.run(arguments).status, 0, "\(arguments)")
    }
  }
}
