import Basics
import LanguageModels
import Torch
import XCTest

/// Parity with transformers on tiny random models, in float32.
final class DecoderTests: XCTestCase {
  private static let models = [
    "llama-gqa-tied", "llama-rope-llama3", "llama-rope-linear", "llama-bias", "olmo", "olmo-tied",
  ]

  func testLogitsAndLossesEqualTransformers() throws {
    for name in Self.models {
      let fixture = try Fixture(name)
      let decoder = try fixture.decoder()
      let expected = try fixture.tensors("expected.safetensors")
      let sequences = try fixture.json("expected.json").array("sequences", at: Location())
      for index in sequences.indices {
        let ids = try XCTUnwrap(expected["input_ids.\(index)"]).integers()
        let logits = try withoutGradient { try decoder.logits(PackedRows([ids])) }
        let difference = try largestDifference(logits, XCTUnwrap(expected["logits.\(index)"]))
        XCTAssertLessThanOrEqual(difference, 1e-4, "\(name) logits \(index)")
        guard ids.count > 1 else { continue }
        let losses = try withoutGradient {
          try decoder.labelLosses(SampleBatch([Sample(id: "row", inputIDs: ids, labels: ids)]))
        }
        // Single tokens: float32 rounding grows with the loss itself, which reaches 15 on these random models.
        for (found, wanted) in zip(try losses.floats(), try XCTUnwrap(expected["nll.\(index)"]).floats()) {
          XCTAssertEqual(found, wanted, accuracy: 1e-5 * max(1, wanted), "\(name) nll \(index)")
        }
      }
    }
  }

  /// As transformers 5.23 reads them: `rope_scaling` before `rope_parameters`, and the model's own positions where llama3
  /// names none.
  func testRotaryOptionsInTheirTwoForms() throws {
    let folder = NSTemporaryDirectory() + "rotary-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let object = try Fixture("llama-gqa-tied").json("config.json")
    func read(_ changes: [(String, JSONValue)]) throws -> Architecture {
      var changed = object
      for (key, value) in changes { changed[key] = value }
      let path = "\(folder)/config.json"
      try JSONValue.object(changed).text().write(toFile: path, atomically: true, encoding: .utf8)
      return try Architecture.read(configuration: path)
    }
    func scaling(_ changes: [(String, JSONValue)]) throws -> Architecture.RotaryScaling {
      try read(changes).rotaryScaling
    }
    let linear: JSONValue = ["type": "linear", "factor": 2]
    let standard: JSONValue = ["rope_type": "default", "rope_theta": 5000]
    XCTAssertEqual(
      try scaling([("rope_parameters", standard), ("rope_scaling", linear)]), .linear(factor: 2))
    XCTAssertEqual(try scaling([("rope_parameters", standard), ("rope_scaling", nil)]), .none)
    // A base inside either wins over one beside it.
    for key in ["rope_parameters", "rope_scaling"] {
      XCTAssertEqual(
        try read([("rope_parameters", nil), (key, standard), ("rope_theta", 10000)]).rotaryBase, 5000, key)
    }
    XCTAssertEqual(
      try scaling([
        ("rope_parameters", nil), ("max_position_embeddings", 96),
        (
          "rope_scaling",
          ["rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4]
        ),
      ]), .llama3(factor: 8, lowFrequency: 1, highFrequency: 4, originalPositions: 96))
  }

  func testMeanLossOverLabels() throws {
    for name in Self.models {
      let fixture = try Fixture(name)
      let scorer = RowScorer(try fixture.decoder())
      let expected = try fixture.tensors("expected.safetensors")
      let sequences = try fixture.json("expected.json").array("sequences", at: Location())
      let samples = try sequences.enumerated().map { index, sequence in
        let ids = try XCTUnwrap(expected["input_ids.\(index)"]).integers()
        let first = try XCTUnwrap(sequence.objectValue?["first_label"]?.intValue)
        let labels = ids.enumerated().map { $0.offset < first ? Sample.ignoredLabel : $0.element }
        return Sample(id: String(index), inputIDs: ids, labels: labels)
      }
      for (sequence, score) in zip(sequences, try scorer.score(samples)) {
        let mean = sequence.objectValue?["mean_nll"]?.doubleValue
        XCTAssertEqual(mean == nil, score.nll == nil)
        if let mean, let nll = score.nll { XCTAssertEqual(nll, mean, accuracy: 1e-5, name) }
      }
    }
  }

  func testGreedyTokensEqualTransformersInBatchesOfAnySize() throws {
    for name in Self.models {
      let fixture = try Fixture(name)
      let decoder = try fixture.decoder()
      let greedy = try fixture.json("expected.json").array("greedy", at: Location())
      let prompts = greedy.compactMap { ($0.objectValue?["input_ids"] ?? $0.objectValue?["prompt"])?.ints }
      let wanted = greedy.compactMap { ($0.objectValue?["continuation"] ?? $0.objectValue?["next"])?.ints }
      XCTAssertEqual(wanted.count, prompts.count)
      XCTAssertFalse(wanted.isEmpty)
      for batch in [1, 2, 8] {
        let generator = GreedyGenerator(decoder, endOfText: [], maximumNewTokens: 24, batchSize: batch)
        XCTAssertEqual(try generator.generate(prompts), wanted, "\(name), batch \(batch)")
      }
    }
  }

  func testGradientsOfEveryWeightEqualTransformers() throws {
    for name in ["llama-bias", "olmo-tied"] {
      let fixture = try Fixture(name)
      let decoder = try fixture.decoder()
      let names = decoder.parameters.names
      let parameters = try names.map { try decoder.parameters[$0].requiringGradient() }
      try checkGradients(fixture, "gradients", decoder, names, parameters)
    }
  }

  func testGradientsOfAdapterEqualPEFT() throws {
    let fixture = try Fixture("llama-gqa-tied")
    let decoder = try fixture.decoder()
    let adapter = try LoRAAdapter.read("\(fixture.folder)/adapter", for: decoder)
    decoder.attach(adapter)
    let parameters = try adapter.tensors.map { try $0.tensor.requiringGradient() }
    try checkGradients(fixture, "adapter/gradients", decoder, adapter.tensors.map(\.name), parameters)
  }

  func testPackedRowsNeverSeeEachOther() throws {
    let decoder = try Fixture("llama-gqa-tied").decoder()
    let rows = [[5, 9, 200, 3], [7], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [42, 43]]
    let packed = try withoutGradient { try decoder.logits(PackedRows(rows)) }
    let apart = try withoutGradient {
      try Tensor.concatenated(try rows.map { try decoder.logits(PackedRows([$0])) })
    }
    XCTAssertLessThanOrEqual(try largestDifference(packed, apart), 1e-5)
    var changed = rows
    changed[0] = [250, 251, 252, 253]
    let other = try withoutGradient { try decoder.logits(PackedRows(changed)) }
    let kept = 4..<18
    XCTAssertEqual(try packed.narrowed(kept).contiguous().floats(), try other.narrowed(kept).contiguous().floats())
  }

  func testStatesOfWantedTokensEqualThoseAmongAll() throws {
    for name in Self.models {
      let decoder = try Fixture(name).decoder()
      let rows = PackedRows([[5, 9, 100, 3], [7], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]])
      let wanted = [2, 4, 5, 15]
      let (all, some) = try withoutGradient {
        (try decoder.hiddenStates(rows).selected(Tensor(wanted)), try decoder.hiddenStates(rows, of: wanted))
      }
      XCTAssertLessThanOrEqual(try largestDifference(some, all), 1e-5, name)
    }
  }

  func testFusedLayersEqualCompositions() throws {
    for name in Self.models {
      let fixture = try Fixture(name)
      let sample = Sample(id: "row", inputIDs: Array(1..<40), labels: Array(1..<40))
      func run() throws -> (Tensor, [Tensor]) {
        let decoder = try fixture.decoder()
        let parameters = try decoder.parameters.names.map { try decoder.parameters[$0].requiringGradient() }
        let losses = try decoder.labelLosses(SampleBatch([sample, sample]))
        return (losses, try gradients(of: losses.mean(), withRespectTo: parameters))
      }
      let fused = try run()
      let composed = try Runtime.withComposedLayers { try run() }
      XCTAssertLessThanOrEqual(try largestDifference(fused.0, composed.0), 1e-5, name)
      for (first, second) in zip(fused.1, composed.1) {
        XCTAssertLessThanOrEqual(try largestDifference(first, second), 1e-5, name)
      }
    }
  }

  private func checkGradients(
    _ fixture: Fixture, _ file: String, _ decoder: Decoder, _ names: [String], _ parameters: [Tensor]
  ) throws {
    let description = try fixture.json("\(file).json")
    let samples = try description.array("rows", at: Location()).enumerated().map { index, row in
      let object = try XCTUnwrap(row.objectValue)
      let ids = try XCTUnwrap(object["input_ids"]).ints
      let first = try object.int("first_label", at: Location())
      let labels = ids.enumerated().map { $0.offset < first ? Sample.ignoredLabel : $0.element }
      return Sample(id: String(index), inputIDs: ids, labels: labels)
    }
    let batch = SampleBatch(samples)
    XCTAssertEqual(batch.labelCount, try description.int("label_tokens", at: Location()))
    let loss = try decoder.labelLosses(batch).mean()
    XCTAssertEqual(try loss.item(), try description.double("loss", at: Location()), accuracy: 1e-5)
    let expected = try fixture.tensors("\(file).safetensors")
    let found = try gradients(of: loss, withRespectTo: parameters)
    for (name, gradient) in zip(names, found) {
      XCTAssertLessThanOrEqual(try largestDifference(gradient, XCTUnwrap(expected[name])), 1e-5, name)
    }
  }
}
