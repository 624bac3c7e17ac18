import Basics
import Checkpoints
import Foundation
import LanguageModels
import Torch
import XCTest

import Unlearning

/// Every objective against PyTorch (Scripts/fixtures/make_objective_fixtures.py): its value, and its gradient with respect
/// to every weight, with the rows in one pass and in several.
final class ObjectiveTests: XCTestCase {
  private struct Fixture {
    let folder: String
    let expected: JSONObject
    let samples: [Sample]
    let answers: [Sample: Sample]
    let gradients: [String: [Float]]
    let prior: RetainPrior

    init() throws {
      folder = try XCTUnwrap(Bundle.module.resourceURL).appendingPathComponent("Fixtures/objectives").path
      expected = try XCTUnwrap(JSONParser.parse(file: "\(folder)/expected.json").objectValue)
      let content = expected
      func samples(_ key: String) -> [Sample] {
        (content[key]?.arrayValue ?? []).enumerated().compactMap { index, row in
          let ids = row.objectValue?["ids"]?.arrayValue?.compactMap(\.intValue) ?? []
          let labels = row.objectValue?["labels"]?.arrayValue?.compactMap(\.intValue) ?? []
          return Sample(id: "\(key) \(index)", inputIDs: ids, labels: labels)
        }
      }
      let rows = samples("rows")
      self.samples = rows
      answers = Dictionary(uniqueKeysWithValues: zip(rows, samples("answers")))
      let retain = (content["retain"]?.arrayValue ?? []).map { $0.arrayValue?.compactMap(\.intValue) ?? [] }
      prior = RetainPrior(
        length: try XCTUnwrap(content["prior_length"]?.intValue),
        retain: retain.map { Sample(id: "retain", inputIDs: $0, labels: $0) }, vocabulary: 48)
      let file = try SafetensorsFile(path: "\(folder)/gradients.safetensors")
      gradients = try Dictionary(
        uniqueKeysWithValues: file.entries.map { entry in
          (entry.name, try Tensor.copying(file.bytes(of: entry), shape: entry.shape, dtype: .float32).floats())
        })
    }

    func decoder(_ name: String) throws -> Decoder {
      let architecture = try Architecture.read(configuration: "\(folder)/\(name)/config.json")
      let checkpoint = try Checkpoint(folder: "\(folder)/\(name)")
      var parameters = Parameters()
      for (name, shape) in architecture.parameterShapes {
        let entry = try checkpoint.require(name, shape: shape)
        parameters.add(name, try Tensor.copying(checkpoint.bytes(of: entry), shape: entry.shape, dtype: .float32))
      }
      return try Decoder(architecture, parameters)
    }

    func configuration() -> RunConfiguration {
      var configuration = RunConfiguration()
      configuration.tuning = .full
      configuration.activationLayer = expected["layer"]?.intValue ?? 0
      configuration.ascentWeight = expected["ascent"]?.doubleValue ?? 0
      configuration.steeringCoefficient = expected["coefficient"]?.doubleValue ?? 0
      configuration.seed = expected["seed"]?.intValue ?? 0
      configuration.delta = expected["delta"]?.doubleValue ?? 0
      configuration.klShare = expected["kl_share"]?.doubleValue ?? 0
      return configuration
    }
  }

  private func check(
    _ name: String, _ objective: any Objective, _ fixture: Fixture, tokensPerPass: Int, checkpoints: Bool = false,
    bound: ForgetBound = ForgetBound(limit: nil), prior: RetainPrior? = nil
  ) throws {
    let decoder = try fixture.decoder("model")
    let parameters = try TrainableParameters(decoder, fixture.configuration())
    let reference = try ReferenceStates(
      fixture.decoder("start"), fixture.samples + Array(fixture.answers.values), needs: objective.needs,
      tokensPerPass: tokensPerPass, copiesHead: true)
    let evaluator = LossEvaluator(
      decoder: decoder, tokensPerPass: tokensPerPass, checkpointsActivations: checkpoints)
    let result = try evaluator.gradient(
      fixture.samples, parameters,
      LossEvaluator.Target(objective, bound: bound, reference: reference, prior: prior, answers: fixture.answers))
    let losses = try XCTUnwrap(fixture.expected["losses"]?.objectValue)
    let expected = try XCTUnwrap(losses[name]?.doubleValue, name)
    XCTAssertEqual(result.objective, expected, accuracy: 1e-5 * max(1e-2, abs(expected)), name)
    XCTAssertEqual(result.loss, try XCTUnwrap(losses["nll"]?.doubleValue), accuracy: 1e-5, name)
    XCTAssertEqual(result.activeRows, fixture.samples.count)
    for (parameter, tensor) in zip(parameters.names, result.vector.tensors) {
      let found = try tensor.floats()
      // A weight that the objective does not depend on has no gradient in the fixture.
      let wanted = fixture.gradients["\(name)/\(parameter)"] ?? [Float](repeating: 0, count: found.count)
      let difference = zip(found, wanted).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      let size = wanted.reduce(Float(0)) { max($0, abs($1)) }
      XCTAssertLessThanOrEqual(difference, 1e-5 * max(1e-2, size), "\(name), \(parameter), \(tokensPerPass) a pass")
      if size > 0 {
        XCTAssertGreaterThan(found.reduce(Float(0)) { max($0, abs($1)) }, size / 2, "\(name), \(parameter)")
      }
    }
  }

  /// Longer than the limit, scaled as `torch.nn.utils.clip_grad_norm_` scales; shorter, as it is.
  func testClippedGradient() throws {
    let fixture = try Fixture()
    let decoder = try fixture.decoder("model")
    let parameters = try TrainableParameters(decoder, fixture.configuration())
    let evaluator = LossEvaluator(decoder: decoder, tokensPerPass: 8)
    func gradient(_ clipNorm: Double?) throws -> LossEvaluator.Gradient {
      try evaluator.gradient(fixture.samples, parameters, clipNorm: clipNorm, LossEvaluator.Target(GradientAscent()))
    }
    let whole = try gradient(nil)
    XCTAssertGreaterThan(whole.norm, 0)
    XCTAssertEqual(try whole.vector.norm(), whole.norm, accuracy: 1e-6 * whole.norm)
    for share in [0.25, 4] {
      let clipped = try gradient(share * whole.norm)
      let factor = min(1, share * whole.norm / (whole.norm + 1e-6))
      XCTAssertEqual(clipped.norm, factor * whole.norm, accuracy: 1e-6 * whole.norm)
      try clipped.vector.add(whole.vector, scale: -factor)
      XCTAssertLessThanOrEqual(try clipped.vector.norm(), 1e-6 * whole.norm)
    }
  }

  func testForgetObjectivesEqualPyTorch() throws {
    let fixture = try Fixture()
    for name in ObjectiveName.allCases {
      for tokensPerPass in [8, 2048] {
        try check(name.rawValue, name.objective(fixture.configuration()), fixture, tokensPerPass: tokensPerPass)
      }
    }
  }

  func testThePriorAndWhatItKeepsEqualPython() throws {
    let fixture = try Fixture()
    let expected = try XCTUnwrap(fixture.expected["prior"]?.arrayValue)
    XCTAssertEqual(expected.count, fixture.samples.count)
    for (sample, row) in zip(fixture.samples, expected) {
      let wanted = row.arrayValue?.compactMap(\.doubleValue) ?? []
      let found = fixture.prior.probabilities(of: sample)
      XCTAssertEqual(found.count, wanted.count)
      for (one, other) in zip(found, wanted) { XCTAssertEqual(one, other, accuracy: 1e-12) }
    }
    for name in [ObjectiveName.selfDistillation, .gradientAscent] {
      for tokensPerPass in [8, 2048] {
        try check(
          "\(name.rawValue), retain-prior", name.objective(fixture.configuration()), fixture,
          tokensPerPass: tokensPerPass, prior: fixture.prior)
      }
    }
  }

  /// Some labels are above their bounds and others below: the generator checks it.
  func testAscentEndsAtTheBoundOfEachLabel() throws {
    let fixture = try Fixture()
    var bound = ForgetBound(limit: nil, unseenLoss: try XCTUnwrap(fixture.expected["unseen_loss"]?.doubleValue))
    bound.unseenSurprise = try XCTUnwrap(fixture.expected["unseen_surprise"]?.doubleValue)
    for tokensPerPass in [8, 2048] {
      try check(
        "self-distillation, label bounds", ObjectiveName.selfDistillation.objective(fixture.configuration()), fixture,
        tokensPerPass: tokensPerPass, bound: bound, prior: fixture.prior)
    }
  }

  func testRetainObjectivesEqualPyTorch() throws {
    let fixture = try Fixture()
    for name in RetainObjectiveName.allCases {
      for tokensPerPass in [8, 2048] {
        try check(name.rawValue, name.objective(fixture.configuration()), fixture, tokensPerPass: tokensPerPass)
      }
    }
  }

  func testActivationCheckpointingChangesNothing() throws {
    let fixture = try Fixture()
    for name in ObjectiveName.allCases {
      try check(name.rawValue, name.objective(fixture.configuration()), fixture, tokensPerPass: 16, checkpoints: true)
    }
    for name in RetainObjectiveName.allCases {
      try check(name.rawValue, name.objective(fixture.configuration()), fixture, tokensPerPass: 16, checkpoints: true)
    }
  }

  func testRowsAtTheBoundGiveNoGradient() throws {
    let fixture = try Fixture()
    var configuration = fixture.configuration()
    // A bound ends its labels one by one; this is of whole rows.
    configuration.ascentWeight = 0
    for name in ObjectiveName.allCases {
      let objective = name.objective(configuration)
      let decoder = try fixture.decoder("model")
      let parameters = try TrainableParameters(decoder, fixture.configuration())
      let reference = try ReferenceStates(
        fixture.decoder("start"), fixture.samples + Array(fixture.answers.values), needs: objective.needs,
        tokensPerPass: 2048, copiesHead: true)
      let evaluator = LossEvaluator(decoder: decoder, tokensPerPass: 2048)
      func gradient(_ samples: [Sample], _ limit: Double?) throws -> LossEvaluator.Gradient {
        try evaluator.gradient(
          samples, parameters,
          LossEvaluator.Target(
            objective, bound: ForgetBound(limit: limit), reference: reference, answers: fixture.answers))
      }
      let losses = try fixture.samples.map { try evaluator.loss([$0]) }
      let sorted = losses.sorted()
      let limit = (sorted[1] + sorted[2]) / 2
      let below = zip(fixture.samples, losses).filter { $0.1 < limit }.map(\.0)
      XCTAssertEqual(below.count, 2)
      let bounded = try gradient(fixture.samples, limit)
      let alone = try gradient(below, nil)
      XCTAssertEqual(bounded.activeRows, 2, name.rawValue)
      XCTAssertEqual(bounded.loss, try evaluator.loss(fixture.samples), accuracy: 1e-5)
      XCTAssertEqual(bounded.objective, alone.objective, accuracy: 1e-5 * max(1, abs(alone.objective)), name.rawValue)
      try bounded.vector.add(alone.vector, scale: -1)
      XCTAssertLessThanOrEqual(try bounded.vector.norm(), try 1e-5 * max(1, alone.vector.norm()), name.rawValue)
      XCTAssertEqual(try gradient(fixture.samples, 0).activeRows, 0)
      XCTAssertEqual(try gradient(fixture.samples, 0).vector.norm(), 0)
    }
  }

  func testDocumentsAboveUnseenTextAreLedBack() throws {
    let fixture = try Fixture()
    let documents = fixture.samples.map { Sample(id: $0.id, inputIDs: $0.inputIDs, labels: $0.inputIDs) }
    let decoder = try fixture.decoder("model")
    let parameters = try TrainableParameters(decoder, fixture.configuration())
    let evaluator = LossEvaluator(decoder: decoder, tokensPerPass: 2048)
    let losses = try documents.map { try evaluator.loss([$0]) }
    // Between two documents, and so low that the higher one is more than the tolerance above it.
    let unseen = try XCTUnwrap(losses.max()) / 1.07
    let known = zip(documents, losses).filter { $0.1 < unseen }.map(\.0)
    let beyond = zip(documents, losses).filter { $0.1 > unseen * 1.06 }.map(\.0)
    XCTAssertFalse(known.isEmpty)
    XCTAssertFalse(beyond.isEmpty)
    func gradient(_ samples: [Sample], _ objective: any Objective, _ bound: ForgetBound) throws
      -> LossEvaluator.Gradient
    {
      try evaluator.gradient(samples, parameters, LossEvaluator.Target(objective, bound: bound))
    }
    let none = ForgetBound(limit: nil)
    let together = try gradient(documents, GradientAscent(), ForgetBound(limit: 0.1, unseenLoss: unseen))
    let up = try gradient(known, GradientAscent(), none)
    let back = try gradient(beyond, LikelihoodRetention(), none)
    let labels = [known, beyond].map { Double($0.reduce(0) { $0 + $1.labelCount }) }
    XCTAssertEqual(together.activeRows, known.count + beyond.count)
    XCTAssertEqual(
      together.objective, (labels[0] * up.objective + labels[1] * back.objective) / (labels[0] + labels[1]),
      accuracy: 1e-5)
    try up.vector.scale(by: labels[0] / (labels[0] + labels[1]))
    try up.vector.add(back.vector, scale: labels[1] / (labels[0] + labels[1]))
    try up.vector.add(together.vector, scale: -1)
    XCTAssertLessThanOrEqual(try up.vector.norm(), try 1e-5 * max(1, together.vector.norm()))
    // Rows with a prompt keep the fixed bound.
    let prompted = fixture.samples.filter { !$0.isWholeText }
    XCTAssertFalse(prompted.isEmpty)
    XCTAssertEqual(try gradient(prompted, GradientAscent(), ForgetBound(limit: 0, unseenLoss: 100)).activeRows, 0)
  }
}
