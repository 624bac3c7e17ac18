import Basics
import Evaluation
import Foundation
import LanguageModels
import XCTest

/// What make_suite_fixtures.py made: fictitious rows, a tokenizer for a tiny random model of LanguageModelsTests, and
/// the reference implementations' figures.
enum SuiteFixture {
  static func path(_ name: String) throws -> String { try Fixture.path("suites/\(name)") }

  static func expected(_ suite: String) throws -> JSONObject {
    let all = try Fixture.json("suites/expected.json")
    return try all.object(suite, at: Location(file: "expected.json"))
  }

  private static var source: String {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return tests.appendingPathComponent("LanguageModelsTests/Fixtures/llama-gqa-tied").path
  }

  /// Runs `body` with the tiny model in float32.
  /// - Parameters:
  ///   - isAdapted: with the adapter that stands for another training.
  ///   - positions: the most tokens that the model takes.
  static func withModel<Result>(
    adapted isAdapted: Bool = false, positions: Int = 2048, _ body: (LanguageModel) throws -> Result
  ) throws -> Result {
    try Fixture.withTemporaryFolder { folder in
      var configuration = try XCTUnwrap(JSONParser.parse(file: "\(source)/config.json").objectValue)
      configuration["max_position_embeddings"] = .integer(positions)
      try AtomicFile.write(JSONValue.object(configuration).text(), to: "\(folder)/config.json")
      let copied = [
        ("\(source)/model.safetensors", "model.safetensors"), (try path("tokenizer.json"), "tokenizer.json"),
      ]
      for (from, name) in copied { try FileManager.default.copyItem(atPath: from, toPath: "\(folder)/\(name)") }
      let model = try LanguageModel.load(folder, dtype: .float32)
      if isAdapted { model.decoder.attach(try LoRAAdapter.read("\(source)/adapter", for: model.decoder)) }
      return try body(model)
    }
  }

  /// Equal within 1e-5, relative to values above 1.
  static func check(_ found: Double?, _ expected: Double?, _ label: String) throws {
    let (found, expected) = (try XCTUnwrap(found, label), try XCTUnwrap(expected, label))
    XCTAssertEqual(found, expected, accuracy: 1e-5 * max(1, abs(expected)), label)
  }

  /// The key of a metric in the JSON.
  static func value(_ metrics: JSONObject, _ key: String) -> Double? {
    metrics[key]?.objectValue?["value"]?.doubleValue
  }
}

/// Keeps what it is told.
final class RecordingObserver: ProgressObserver {
  var tasks: [String] = []
  var messages: [String] = []
  var finished = 0
  var advanced = 0
  var total = 0
  func begin(_ task: String, total: Int?, done: Int, unit: String) {
    tasks.append(task)
    self.total += total ?? 0
  }
  func advance(by count: Int, detail: String?) { advanced += count }
  func finish() { finished += 1 }
  func log(_ level: LogLevel, _ message: String) { messages.append(message) }
}

/// The failure that `body` throws.
func failure(_ body: () throws -> some Any, file: StaticString = #filePath, line: UInt = #line) throws -> Failure {
  do {
    _ = try body()
  } catch let failure as Failure {
    return failure
  }
  XCTFail("nothing was thrown", file: file, line: line)
  throw XCTSkip("nothing was thrown")
}
