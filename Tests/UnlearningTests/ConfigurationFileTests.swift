import Basics
import Foundation
import Unlearning
import XCTest

final class ConfigurationFileTests: XCTestCase {
  private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  func testTheDefaultFileIsTheBuiltInConfiguration() throws {
    let (configuration, keys) = try ConfigurationFile.read("\(root)/configs/default.yaml", over: RunConfiguration())
    XCTAssertEqual(configuration, RunConfiguration())
    XCTAssertGreaterThan(keys.count, 20)
  }

  func testThePaperFileIsFaithful() throws {
    let configuration = try ConfigurationFile.read("\(root)/configs/paper.yaml", over: RunConfiguration()).0
    XCTAssertEqual(configuration.scope, .dataset)
    XCTAssertEqual(configuration.clipNorm, 1)
    XCTAssertEqual(configuration.learningRateMode, .eq11)
    XCTAssertEqual(configuration.optimizer, .sgd)
    XCTAssertNil(configuration.forgetBound)
    XCTAssertNil(configuration.rank, "hidden size / 32")
  }

  func testTextReadsBack() throws {
    var configuration = RunConfiguration()
    configuration.method = .gradientDifference
    configuration.forgetBound = nil
    configuration.learningRate = 1e-3
    configuration.separator = " \"x\"\n"
    let path = NSTemporaryDirectory() + "configuration-\(UUID().uuidString).yaml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try AtomicFile.write(ConfigurationFile.text(configuration), to: path)
    XCTAssertEqual(try ConfigurationFile.read(path, over: RunConfiguration()).0, configuration)
  }

  func testStarsInCommentsAndTextsAreNoAliases() throws {
    let path = NSTemporaryDirectory() + "configuration-\(UUID().uuidString).yaml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let comments = String(repeating: "# the *word of the paper\n", count: 20)
    try AtomicFile.write(comments + "separator: \"\(String(repeating: " *a", count: 20))\" # *b\nseed: 3\n", to: path)
    let configuration = try ConfigurationFile.read(path, over: RunConfiguration()).0
    XCTAssertEqual(configuration.separator, String(repeating: " *a", count: 20))
    XCTAssertEqual(configuration.seed, 3)
    // A regular expression took time with the square of these.
    try AtomicFile.write("seed: 4\n# " + String(repeating: #"\""#, count: 200_000), to: path)
    XCTAssertEqual(try ConfigurationFile.read(path, over: RunConfiguration()).0.seed, 4)
  }

  func testTimes() throws {
    let setting = try XCTUnwrap(Setting.named("time-budget"))
    for (text, seconds) in [("90s", 90), ("5", 5), ("1h30m", 5400), ("1.5h", 5400), ("none", nil)]
      as [(String, Double?)]
    {
      var configuration = RunConfiguration()
      try Setting.assign(setting.key, text, to: &configuration, kind: .usage, at: Location())
      XCTAssertEqual(configuration.timeBudget, seconds, text)
    }
    for text in ["soon", "1.5.2h", "h", "0.5s", "400d", "-1s", "1x"] {
      var configuration = RunConfiguration()
      XCTAssertThrowsError(
        try Setting.assign(setting.key, text, to: &configuration, kind: .usage, at: Location()), text)
    }
  }

  func testNamesOfTheCommandLineCapitalsAndAMarkAreRead() throws {
    let path = NSTemporaryDirectory() + "configuration-\(UUID().uuidString).yaml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try AtomicFile.write("\u{FEFF}no-evaluate: True\noutput: runs/x\nmatch-retain: FALSE\n", to: path)
    let configuration = try ConfigurationFile.read(path, over: RunConfiguration()).0
    XCTAssertFalse(configuration.evaluates)
    XCTAssertFalse(configuration.matchesRetain)
    XCTAssertEqual(configuration.output, "runs/x")
    for (text, part) in [
      ("seed: 1\nseed: 2\n", "'seed' appears twice"), ("no-evaluate: maybe\n", "true or false"),
      ("prompt-template: no place\n", "{input}"), ("target-modules: [q_proj, foo]\n", "q_proj, k_proj"),
      ("learning-rate: 0\n", "learning-rate"), ("seed: 1\n\"seed\" : 2\n", ".yaml:2"), ("seed: 1\n\u{1}", ".yaml:2"),
      (
        (0..<12).map { "a\($0): &a\($0) [" + String(repeating: "*a\(max(0, $0 - 1)), ", count: 9) + "]\n" }.joined(),
        "aliases"
      ),
    ] {
      try AtomicFile.write(text, to: path)
      XCTAssertThrowsError(try ConfigurationFile.read(path, over: RunConfiguration())) { error in
        XCTAssertTrue("\(error)".contains(part), "\(error)")
      }
    }
  }

  func testClippingIsOffByDefaultAndNoneTurnsItOff() throws {
    func configuration(_ values: [(String, String)]) throws -> RunConfiguration {
      var configuration = RunConfiguration()
      for (key, value) in values {
        try Setting.assign(key, value, to: &configuration, kind: .usage, at: Location())
      }
      return configuration
    }
    for (values, shown, norm) in [
      ([], "auto", nil), ([("scope", "dataset")], "auto", 1),
      ([("scope", "dataset"), ("clip-norm", "none")], "none", nil),
      ([("clip-norm", "2")], "2.0", 2),
    ] as [([(String, String)], String, Double?)] {
      let configuration = try configuration(values)
      XCTAssertEqual(try XCTUnwrap(Setting.named("clip-norm")).text(configuration), shown)
      XCTAssertEqual(configuration.activeClipNorm, norm, "\(values)")
    }
  }

  func testLengthOfARun() {
    func steps(_ method: MethodName, _ perEpoch: Int) -> Int {
      var configuration = RunConfiguration()
      configuration.method = method
      return configuration.totalSteps(perEpoch: perEpoch)
    }
    XCTAssertEqual(steps(.ngdiff, 35), 280)
    XCTAssertEqual(steps(.ngdiff, 7), 126)
    XCTAssertEqual(steps(.sugd, 21), 21, "a pass has seven passes over every chunk in it")
  }

  func testARetainWeightAloneIsAShareOnlyWhereTheMethodHasShares() throws {
    for (method, weights) in [
      (MethodName.gradientDifference, (0.7, 0.3)), (.simnpo, (0.7, 0.125)), (.negativePreference, (0.7, 1)),
      (.npoKLAndNLL, (0.7, 0.3)),
    ] {
      var configuration = RunConfiguration()
      (configuration.method, configuration.retainWeight) = (method, 0.7)
      XCTAssertEqual(configuration.activeWeights.retain, weights.0)
      XCTAssertEqual(configuration.activeWeights.forget, weights.1, accuracy: 1e-12, method.rawValue)
    }
  }
}
