import Foundation
import XCTest

/// Bad input: the right exit code, one message that names the place, nothing half-written.
final class BadInputTests: XCTestCase {
  private func check(
    _ arguments: [String], status: Int32, mentions words: [String], absent output: String? = nil,
    file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let result = try Program.run(arguments)
    XCTAssertEqual(result.status, status, result.errors, file: file, line: line)
    for word in words { XCTAssertTrue(result.errors.contains(word), result.errors, file: file, line: line) }
    let lines = result.errors.split(separator: "\n")
    XCTAssertEqual(lines.filter { $0.hasPrefix("error: ") }.count, 1, result.errors, file: file, line: line)
    XCTAssertEqual(lines.filter { $0.hasPrefix("hint: ") }.count, 1, result.errors, file: file, line: line)
    if let output {
      XCTAssertFalse(FileManager.default.fileExists(atPath: output), file: file, line: line)
      let folder = (output as NSString).deletingLastPathComponent
      let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains(".partial-") }
      XCTAssertEqual(left, [], file: file, line: line)
    }
  }

  func testRows() throws {
    let space = try Workspace()
    let model = try space.model()
    let output = space.file("out.jsonl")
    func score(_ data: String, _ status: Int32, _ words: String...) throws {
      try check(
        ["score", "--model", model, "--data", data, "--dtype", "float32", "--output", output], status: status,
        mentions: words, absent: output)
    }
    try score(space.file("absent.jsonl"), 66, "absent.jsonl", "no such file")
    try score(space.write("a.jsonl", "{\"id\":\"1\",\"input\":\"a\",\"output\":\"b\"}\n{oops\n"), 65, "a.jsonl:2")
    try score(space.write("b.jsonl", "{\"id\":\"1\",\"input\":\"a\"}\n"), 65, "b.jsonl:1", "output")
    try score(space.write("c.jsonl", ""), 65, "c.jsonl")
    try score(space.write("d.jsonl", "{\"id\":\"1\",\"input\":7,\"output\":\"b\"}\n"), 65, "d.jsonl:1", "input")
    let long = String(repeating: "word ", count: 20000)
    try score(
      space.write("e.jsonl", "{\"id\":\"row-9\",\"input\":\"\(long)\",\"output\":\"b\"}\n"), 65, "row-9", "positions")
    XCTAssertEqual(mkfifo(space.file("pipe.jsonl"), 0o600), 0)
    try score(space.file("pipe.jsonl"), 66, "pipe.jsonl", "expected a file")
    let invalid = space.file("f.jsonl")
    try Data([0x7B, 0x22, 0xFF, 0x22, 0x7D, 0x0A]).write(to: URL(fileURLWithPath: invalid))
    try score(invalid, 65, "f.jsonl:1", "UTF-8")
  }

  func testModels() throws {
    let space = try Workspace()
    let data = try space.write("rows.jsonl", "{\"id\":\"1\",\"input\":\"a\",\"output\":\"b\"}\n")
    let output = space.file("out.jsonl")
    func score(_ name: String, _ status: Int32, _ words: [String], _ spoil: (String) throws -> Void) throws {
      let model = try space.model(name)
      try spoil(model)
      try check(
        ["score", "--model", model, "--data", data, "--dtype", "float32", "--output", output], status: status,
        mentions: words, absent: output)
    }
    func edit(_ path: String, _ old: String, _ new: String) throws {
      let text = try String(contentsOfFile: path, encoding: .utf8)
      XCTAssertTrue(text.contains(old), old)
      try text.replacingOccurrences(of: old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
    }
    try check(
      ["score", "--model", space.file("none"), "--data", data, "--output", output], status: 66, mentions: ["none"],
      absent: output)
    try score("field", 65, ["config.json", "hidden_size"]) { try edit("\($0)/config.json", "\"hidden_size\"", "\"x\"") }
    try score("family", 65, ["model_type", "supported"]) {
      try edit("\($0)/config.json", "\"model_type\": \"llama\"", "\"model_type\": \"mamba\"")
    }
    try score("layers", 65, ["model.layers.2"]) {
      try edit("\($0)/config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 4000")
    }
    try score("short", 65, ["model.safetensors"]) { folder in
      let url = URL(fileURLWithPath: "\(folder)/model.safetensors")
      try Data(contentsOf: url).prefix(5000).write(to: url)
    }
    try score("escape", 65, ["model.safetensors.index.json"]) { folder in
      let index = #"{"metadata": {}, "weight_map": {"model.norm.weight": "../model/model.safetensors"}}"#
      try FileManager.default.removeItem(atPath: "\(folder)/model.safetensors")
      try index.write(toFile: "\(folder)/model.safetensors.index.json", atomically: true, encoding: .utf8)
    }
    try score("vocabulary", 65, ["tokenizer.json", "vocabulary"]) {
      try edit("\($0)/tokenizer.json", "\"!\": 33", "\"!\": 1033")
    }
    try score("end", 65, ["eos_token_id", "5000000"]) {
      try edit("\($0)/config.json", "\"eos_token_id\": 2", "\"eos_token_id\": 5000000")
    }
    try score("pickle", 66, ["safetensors"]) { folder in
      try FileManager.default.moveItem(atPath: "\(folder)/model.safetensors", toPath: "\(folder)/pytorch_model.bin")
    }
  }

  func testRunsAndConfigurations() throws {
    let space = try Workspace()
    let model = try space.model()
    let forget = try space.rows("forget", 3, word: "x")
    let retain = try space.rows("retain", 3, word: "y")
    let output = space.file("run")
    func run(_ more: [String], _ status: Int32, _ words: String...) throws {
      try check(
        ["run", "--model", model, "--forget", forget, "--retain", retain, "--output", output] + more, status: status,
        mentions: words, absent: output)
    }
    try run(["--config", space.write("a.yaml", "seed: 1\nmethode: ngdiff\n")], 65, "a.yaml:2", "did you mean 'method'")
    try run(["--config", space.write("b.yaml", "steps: many\n")], 65, "b.yaml:1", "steps")
    try run(["--config", space.write("c.yaml", "steps: [1\n")], 65, "c.yaml")
    try run(["--config", space.write("d.yaml", "seed: 1\ndevice: cuda\n")], 65, "d.yaml:2", "'device'", "cpu", "cuda")
    try run(["--config", space.write("e.yaml", "separator: ~\n")], 65, "e.yaml:1", "separator")
    try run(["--config", space.write("f.yaml", "output: \"\"\n")], 65, "f.yaml:1", "output", "a path")
    try run(["--config", space.write("g.yaml", "seed: 1\n---\nseed: 2\n")], 65, "g.yaml:2", "another document")
    try run(["--config", space.file("none.yaml")], 66, "none.yaml")
    try run(["--set", "seed"], 64, "--set", "key=value")
    try run(["--set", "seed=1", "--seed", "2"], 64, "seed", "twice")
    try run(["--device", "cuda"], 64, "device", "cuda")
    try run(["--forget", ""], 66, "expected a path")
    try run(["--optimizer", "adam"], 64, "optimizer", "adamw")
    try run(["--rank", "0"], 64, "rank", "hint: 'unlearn config explain rank'")
    try run(["--set", "auto-lr-minimum=1"], 64, "auto-lr-minimum", "auto-lr-maximum")
    try run(["--forget", space.write("empty.jsonl", "")], 65, "empty.jsonl")
    try run(["--forget", space.write("noid.csv", "id,input\n1,2\n")], 65, "noid.csv", "output")
    try check(
      ["run", "--model", model, "--forget", forget, "--retain", retain, "--output", "/proc/run"], status: 73,
      mentions: ["/proc/run"])
    try FileManager.default.createDirectory(atPath: space.file("mia"), withIntermediateDirectories: true)
    for name in ["member", "nonmember"] {
      let text = String(repeating: "word ", count: name == "member" ? 2000 : 2)
      try space.write("mia/\(name).jsonl", "{\"id\": \"d\", \"document\": \"\(text)\"}\n")
    }
    try run(["--mia", space.file("mia")], 65, "member.jsonl", "'d'", "positions")
    try check(
      ["run", "--model", model, "--forget", forget, "--retain", retain, "--output", "\(forget)/run"], status: 73,
      mentions: ["forget.jsonl", "Not a directory"])
    try check(["run", "--resume", space.file("absent")], status: 66, mentions: ["absent"])
    try check(["run", "--resume", forget], status: 66, mentions: ["forget.jsonl", "expected a folder, found a file"])
    try check(
      ["score", "--model", forget, "--data", forget, "--output", output], status: 66, mentions: ["found a file"])
    for threads in ["0", "-1", "99999999"] {
      try check(
        ["score", "--model", model, "--data", forget, "--threads", threads, "--output", output], status: 64,
        mentions: ["--threads", "1 to 4096", threads], absent: output)
    }
    try check(
      ["tokenize", "--model", model, "--data", space.write("none.jsonl", "\n"), "--output", output], status: 65,
      mentions: ["none.jsonl", "no row"], absent: output)
    XCTAssertEqual(try Program.run("run", "--model", model).status, 64)
    XCTAssertEqual(try Program.run("nonsense").status, 64)
  }

  func testAModelThatGivesNoNumbers() throws {
    let space = try Workspace()
    let model = try space.model()
    try space.edit(model) { $0["model.norm.weight"]?.values[0] = .nan }
    let rows = try space.write("rows.jsonl", #"{"id": "one", "input": "a", "output": "b"}"# + "\n")
    for (command, part) in [("score", "'one'"), ("generate", "hidden state")] {
      let result = try Program.run(
        command, "--model", model, "--data", rows, "--dtype", "float32", "--output", space.file("out"))
      XCTAssertEqual(result.status, 65, result.errors)
      for part in [part, "not finite", "hint: "] { XCTAssertTrue(result.errors.contains(part), result.errors) }
      XCTAssertFalse(FileManager.default.fileExists(atPath: space.file("out")))
    }
  }

  /// As in transformers 5: a head that is there and differs from the embedding is one, whatever config.json says.
  func testAHeadOfItsOwnBesideATiedConfiguration() throws {
    let space = try Workspace()
    let rows = try space.write("rows.jsonl", #"{"id": "one", "input": "ab", "output": "cd"}"# + "\n")
    func score(_ model: String) throws -> String {
      let output = space.file("scores.jsonl")
      let result = try Program.run(
        "score", "--model", model, "--data", rows, "--dtype", "float32", "--output", output)
      XCTAssertEqual(result.status, 0, result.errors)
      return try String(contentsOfFile: output, encoding: .utf8)
    }
    let (tied, copy, own, untied) = (
      try space.model("tied"), try space.model("copy"), try space.model("own"), try space.model("untied")
    )
    try space.edit(copy) { $0["lm_head.weight"] = $0["model.embed_tokens.weight"] }
    for model in [own, untied] {
      try space.edit(model) { tensors in
        guard var head = tensors["model.embed_tokens.weight"] else { return }
        for index in head.values.indices { head.values[index] *= index % 2 == 0 ? -1 : 0.5 }
        tensors["lm_head.weight"] = head
      }
    }
    let path = "\(untied)/config.json"
    try String(contentsOfFile: path, encoding: .utf8)
      .replacing("\"tie_word_embeddings\": true", with: "\"tie_word_embeddings\": false")
      .write(toFile: path, atomically: true, encoding: .utf8)
    XCTAssertEqual(try score(copy), try score(tied))
    XCTAssertEqual(try score(own), try score(untied))
    XCTAssertNotEqual(try score(own), try score(tied))
    let memorised = try Program.run(
      "memorize", "--model", own, "--data", rows, "--steps", "0", "--dtype", "float32",
      "--tuning", "full", "--quiet", "--output", space.file("memorised"))
    XCTAssertEqual(memorised.status, 0, memorised.errors)
    XCTAssertEqual(try score(space.file("memorised")), try score(untied))
  }

  func testValidationNamesTheFirstErrorAndListsAll() throws {
    let space = try Workspace()
    let data = try space.write("rows.jsonl", "{\"id\": \"a\", \"input\": \"b\"}\n{oops\n")
    for more in [[], ["--json"]] {
      let arguments = ["data", "validate", "--data", data] + more
      try check(arguments, status: 65, mentions: ["rows.jsonl:1", "'output'", "the first of 2 errors"])
      XCTAssertTrue(try Program.run(arguments).output.contains("invalid JSON"))
    }
  }

  func testArguments() throws {
    func refuse(_ arguments: String..., mentions words: String...) throws {
      try check(arguments, status: 64, mentions: words)
    }
    try refuse("nonsense", mentions: "'nonsense'", "hint: 'unlearn --help' lists them")
    try refuse("score", mentions: "--model", "hint: see 'unlearn score --help'")
    try refuse("score", "--model", mentions: "--model")
    try refuse("bench", "walk", mentions: "'walk'", "'step'", "hint: see 'unlearn bench --help'")
    try refuse("data", "describe", mentions: "--data", "hint: see 'unlearn data describe --help'")
    try refuse("run", "--model", "m", mentions: "--forget", "--resume")
    try refuse("memorize", "--model", "m", "--data", "d", mentions: "--output", "--resume")
    try refuse("run", "--resume", "a", "--output", "b", mentions: "--output", "--resume")
    try refuse("evaluate", "--model", "m", "--suite", "", "--output", "o", mentions: "--suite")
    try refuse("evaluate", "--generations", "g", "--sample", "3", "--output", "o", mentions: "--sample")
    try refuse("run", "--model", "m", mentions: "expected --forget and --retain (or --resume)")
    try refuse("memorize", "--model", "m", "--data", "d", mentions: "unlearn memorize --help")
    try refuse("run", "--model", "m", "--forget", "f", "--retain", "r", "--seed", "-1", mentions: "seed", "-1")
    try refuse("run", "--model", "m", "--forget", "f", "--retain", "r", "--method", "memorize", mentions: "memorize")
    try refuse(
      "memorize", "--model", "m", "--data", "d", "--output", "o", "--method", "gradient-ascent",
      mentions: "gradient-ascent")
    try refuse(
      "merge", "--model", "m", "--adapter", "a", "--weights", "1", "--output", "o", mentions: "--weights")
    try refuse(
      "merge", "--model", "m", "--adapter", "a", "--density", "0.5", "--output", "o", mentions: "--density")
    try refuse(
      "score", "--modle", "m", "--data", "d", "--output", "o", mentions: "did you mean '--model' by '--modle'?")
    let explained = try Program.run("config", "explain", "rank")
    XCTAssertTrue(explained.output.contains("values   a whole number from 1 to 16384"), explained.output)
    XCTAssertEqual(try Program.run("--help").status, 0)
    XCTAssertEqual(try Program.run("score", "--help").errors, "")
  }

  func testWhatIsGivenAndNotUsedIsAWarning() throws {
    let space = try Workspace()
    let rows = try space.rows("retain", 3, word: "y")
    func said(_ arguments: [String], _ name: String) throws -> String {
      let result = try Program.run(
        arguments + ["--model", space.model("model-\(name)"), "--steps", "0", "--output", space.file(name)])
      XCTAssertEqual(result.status, 0, result.errors)
      return result.errors
    }
    let run = ["run", "--forget", try space.rows("forget", 3, word: "x"), "--retain", rows, "--no-evaluate"]
    let errors = try said(
      run + ["--set", "beta=0.5", "--set", "retain-budget-rows=3", "--mmlu", space.path, "--tuning", "full"]
        + ["--rank", "4", "--learning-rate", "1e-3", "--set", "auto-lr-period=7"], "run")
    for words in [
      "beta is not used with objective self-distillation", "rank is not used with tuning full",
      "retain-budget-rows is not used without retain-budget", "--mmlu is not used", "auto-lr-period is not used with",
    ] {
      XCTAssertTrue(errors.contains(words), "\(words): \(errors)")
    }
    XCTAssertFalse(errors.contains("tuning is not used"), errors)
    XCTAssertFalse(try said(run + ["--objective", "simnpo", "--set", "beta=0.5"], "used").contains("is not used"))
    let memorize = ["memorize", "--data", rows]
    let learned = try said(memorize + ["--objective", "simnpo", "--method", "simnpo", "--set", "beta=2"], "learned")
    for words in ["objective is not used where nothing", "method is not used beyond", "beta is not used where nothing"]
    {
      XCTAssertTrue(learned.contains(words), "\(words): \(learned)")
    }
    XCTAssertFalse(try said(memorize + ["--optimizer", "sgd"], "plain").contains("is not used"))
  }

  func testOverlapIsAWarning() throws {
    let space = try Workspace()
    let rows = try space.rows("forget", 3, word: "x")
    let result = try Program.run(
      "run", "--model", try space.model(), "--forget", rows, "--retain", rows, "--steps", "0", "--no-evaluate",
      "--output", space.file("run"))
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertTrue(result.errors.contains("3 rows are in both sets"), result.errors)
    // Files that both number their rows from one hold different rows all the same.
    let numbered = { (word: String) in (1...3).map { #"{"id": \#($0), "input": "Say", "output": " \#(word) \#($0)"}"# }
    }
    let (one, other) = (
      try space.write("one.jsonl", numbered("one").joined(separator: "\n")),
      try space.write("other.jsonl", numbered("other").joined(separator: "\n"))
    )
    let ids = try Program.run(
      "run", "--model", space.file("model"), "--forget", one, "--retain", other, "--steps", "0", "--no-evaluate",
      "--output", space.file("ids"))
    XCTAssertEqual(ids.status, 0, ids.errors)
    XCTAssertTrue(ids.errors.contains("3 ids are of a row in each set: 1, 2, 3"), ids.errors)
    XCTAssertFalse(ids.errors.contains("in both sets"), ids.errors)
    let memorised = try Program.run(
      "memorize", "--model", space.file("model"), "--data", one, "--data", other, "--steps", "1", "--output",
      space.file("memorised"))
    XCTAssertEqual(memorised.status, 0, memorised.errors)
  }

  /// No more than 32 KiB can be written to a file: what a full disk does, short of a disk of one's own.
  func testAFullDiskLeavesNothing() throws {
    let space = try Workspace()
    let model = try space.model()
    let (forget, retain) = (try space.rows("forget", 3, word: "x"), try space.rows("retain", 3, word: "y"))
    let adapter = space.file("trained/adapter")
    let run = [
      "run", "--model", model, "--forget", forget, "--retain", retain, "--steps", "2", "--no-evaluate", "--quiet",
    ]
    XCTAssertEqual(try Program.run(run + ["--output", space.file("trained")]).status, 0)
    let merged = space.file("merged")
    let full = try Program.run(["merge", "--model", model, "--adapter", adapter, "--output", merged], fileLimit: 32)
    XCTAssertEqual(full.status, 73, full.errors)
    XCTAssertTrue(full.errors.contains("merged"), full.errors)
    // A run says so too, and keeps what is whole: it goes on when there is room again.
    let stopped = try Program.run(run + ["--output", space.file("run")], fileLimit: 32)
    XCTAssertEqual(stopped.status, 73, stopped.errors)
    let again = try Program.run("run", "--resume", space.file("run"), "--quiet")
    XCTAssertEqual(again.status, 0, again.errors)
    for folder in [space.path, space.file("run"), space.file("run/checkpoints")] {
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      XCTAssertFalse(left.contains { $0.contains("partial") || $0 == "merged" }, "\(left)")
    }
    XCTAssertEqual(
      try Data(contentsOf: URL(fileURLWithPath: space.file("run/adapter/adapter_model.safetensors"))),
      try Data(contentsOf: URL(fileURLWithPath: "\(adapter)/adapter_model.safetensors")))
  }

  func testAnUnwritableOutput() throws {
    let space = try Workspace()
    let data = try space.write("rows.jsonl", "{\"text\":\"a\"}\n")
    try check(
      ["tokenize", "--model", try space.model(), "--data", data, "--output", space.file("no/such/folder/out")],
      status: 73, mentions: ["no/such/folder"])
  }
}
