import LanguageModels
import Torch
import XCTest

final class GradientNormScorerTests: XCTestCase {
  private let sample = Sample(id: "a", inputIDs: Array(3..<23), labels: Array(3..<23))

  private func norms(_ tensors: [Tensor]) throws -> [Double] { try tensors.map { try $0.dot($0).squareRoot() } }

  func testWeightsWithoutAdapterAndFactorsWithOne() throws {
    let fixture = try Fixture("llama-gqa-tied")
    for isAdapted in [false, true] {
      let decoder = try fixture.decoder()
      var tensors = try decoder.parameters.names.map { try decoder.parameters[$0] }
      if isAdapted {
        let adapter = try LoRAAdapter.read("\(fixture.folder)/adapter", for: decoder)
        decoder.attach(adapter)
        tensors = adapter.tensors.map(\.tensor)
      }
      let found = try XCTUnwrap(GradientNormScorer(decoder).score([sample]).first ?? nil)
      XCTAssertTrue(tensors.allSatisfy { !$0.requiresGradient }, "the model is as before")
      for tensor in tensors { try tensor.requiringGradient() }
      let loss = try decoder.labelLosses(SampleBatch([sample])).mean()
      let single = try norms(gradients(of: loss, withRespectTo: tensors))
      let total = single.reduce(0) { $0 + $1 * $1 }.squareRoot()
      XCTAssertEqual(found.total, total, accuracy: 1e-6 * total)
      XCTAssertEqual(found.tensorMean, single.reduce(0, +) / Double(single.count), accuracy: 1e-6 * total)
    }
  }

  func testRowWithoutLabelsHasNone() throws {
    let decoder = try Fixture("olmo").decoder()
    let none = Sample(id: "none", inputIDs: [4, 5], labels: [-100, -100])
    var calls = 0
    let found = try GradientNormScorer(decoder).score([none, sample]) { calls += 1 }
    XCTAssertNil(found[0])
    XCTAssertNotNil(found[1])
    XCTAssertEqual(calls, 2)
  }
}
