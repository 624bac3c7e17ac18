import Basics
import LanguageModels
import Torch
import XCTest

/// Adapters in PEFT's format.
final class LoRAAdapterTests: XCTestCase {
  func testLogitsWithAdapterEqualPEFT() throws {
    for (model, name) in [
      ("llama-gqa-tied", "adapter"), ("llama-gqa-tied", "adapter-rslora"), ("llama-gqa-tied", "adapter-qv"),
      ("olmo", "adapter"),
    ] {
      let fixture = try Fixture(model)
      let decoder = try fixture.decoder()
      decoder.attach(try LoRAAdapter.read("\(fixture.folder)/\(name)", for: decoder))
      let expected = try fixture.tensors("\(name)/expected.safetensors")
      var index = 0
      while let ids = expected["input_ids.\(index)"] {
        let logits = try withoutGradient { try decoder.logits(PackedRows([ids.integers()])) }
        XCTAssertLessThanOrEqual(
          try largestDifference(logits, XCTUnwrap(expected["logits.\(index)"])), 1e-4, "\(model)/\(name) \(index)")
        index += 1
      }
      XCTAssertGreaterThan(index, 0)
    }
  }

  func testFreshAdapterLeavesTheModelUnchangedAndIsSeeded() throws {
    let decoder = try Fixture("llama-gqa-tied").decoder()
    let rows = PackedRows([[1, 2, 3, 4]])
    let before = try withoutGradient { try decoder.logits(rows).floats() }
    let first = try LoRAAdapter(LoRAConfiguration(rank: 4), for: decoder, seed: 1)
    decoder.attach(first)
    XCTAssertEqual(before, try withoutGradient { try decoder.logits(rows).floats() })
    let again = try LoRAAdapter(LoRAConfiguration(rank: 4), for: decoder, seed: 1)
    let other = try LoRAAdapter(LoRAConfiguration(rank: 4), for: decoder, seed: 2)
    XCTAssertEqual(try first.factors[0].a.floats(), try again.factors[0].a.floats())
    XCTAssertNotEqual(try first.factors[0].a.floats(), try other.factors[0].a.floats())
  }

  func testWrittenAdapterReadsBack() throws {
    let fixture = try Fixture("llama-gqa-tied")
    let decoder = try fixture.decoder()
    let adapter = try LoRAAdapter.read("\(fixture.folder)/adapter", for: decoder)
    let folder = NSTemporaryDirectory() + "adapter-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try adapter.write(to: folder, baseModel: "base")
    let again = try LoRAAdapter.read(folder, for: decoder)
    for (first, second) in zip(adapter.factors, again.factors) {
      XCTAssertEqual(try first.b.floats(), try second.b.floats())
    }
    let bytes = try SHA256.hexDigest(ofFile: "\(folder)/adapter_model.safetensors")
    XCTAssertEqual(bytes, try SHA256.hexDigest(ofFile: "\(fixture.folder)/adapter/adapter_model.safetensors"))
  }

  /// PEFT changes the base model for these, or uses the adapter for some tokens alone.
  func testAdaptersOfAChangedBaseAreRefused() throws {
    let fixture = try Fixture("llama-gqa-tied")
    let decoder = try fixture.decoder()
    let folder = NSTemporaryDirectory() + "adapter-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.copyItem(atPath: "\(fixture.folder)/adapter", toPath: folder)
    let path = "\(folder)/adapter_config.json"
    let object = try XCTUnwrap(JSONParser.parse(file: path).objectValue)
    for (field, value, isRefused) in [
      ("init_lora_weights", "pissa", true), ("init_lora_weights", "pissa_niter_4", true),
      ("init_lora_weights", "olora", true), ("init_lora_weights", "gaussian", false),
      ("init_lora_weights", true, false),
      ("alora_invocation_tokens", [5, 6], true), ("alora_invocation_tokens", nil, false),
      ("lora_alpha", 1e300, true), ("lora_alpha", 32, false),
      ("layer_replication", [[0, 1]], true), ("alpha_pattern", ["q_proj": 3], true), ("alpha_pattern", [:], false),
    ] as [(String, JSONValue, Bool)] {
      var changed = object
      changed[field] = value
      try JSONValue.object(changed).text().write(toFile: path, atomically: true, encoding: .utf8)
      do {
        _ = try LoRAAdapter.read(folder, for: decoder)
        XCTAssertFalse(isRefused, "\(field) \(value.text())")
      } catch let failure as Failure {
        XCTAssertTrue(isRefused, failure.description)
        XCTAssertEqual(failure.location.field, field)
      }
    }
  }

  /// They would make a model of them.
  func testFactorsThatAreNoNumbersAreRefused() throws {
    let fixture = try Fixture("llama-gqa-tied")
    let decoder = try fixture.decoder()
    for value in [Float.nan, -.infinity] {
      let folder = NSTemporaryDirectory() + "adapter-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let adapter = try LoRAAdapter.read("\(fixture.folder)/adapter", for: decoder)
      try adapter.factors[1].b.scale(by: Double(value))
      try adapter.write(to: folder, baseModel: "base")
      XCTAssertThrowsError(try LoRAAdapter.read(folder, for: decoder)) { error in
        XCTAssertTrue("\(error)".contains("lora_B"), "\(error)")
        XCTAssertTrue("\(error)".contains("NaN or infinite"), "\(error)")
      }
    }
  }

  func testAdapterOfAnotherModelIsRefused() throws {
    let decoder = try Fixture("olmo").decoder()
    let folder = try Fixture("llama-gqa-tied").folder
    XCTAssertThrowsError(try LoRAAdapter.read("\(folder)/adapter", for: decoder)) { error in
      XCTAssertTrue(String(describing: error).contains("adapter_model.safetensors"), "\(error)")
    }
  }
}
