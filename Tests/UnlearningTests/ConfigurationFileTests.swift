import Basics
import Foundation
import Unlearning
import XCTest

final class ConfigurationFileTests: XCTestCase {
  private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  func testTheDefaultFileIsTheBuiltInConfiguration() throws {
    var (configuration, keys) = try ConfigurationFile.read("\(root)/configs/default.yaml", over: RunConfiguration())
    // Written out in the file, and what an automatic rate means by itself.
    XCTAssertEqual(configuration.autoLearningRate, .gen)
    configuration.autoLearningRate = nil
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
}
