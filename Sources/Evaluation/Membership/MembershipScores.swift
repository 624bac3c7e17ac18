import Basics
import LanguageModels

/// Every score of the documents of one side, in their order.
struct MembershipScores {
  /// Name of a score and its value on each document; the higher, the less likely the document was trained on.
  let values: [(name: String, perRow: [Double])]

  /// - Parameters:
  ///   - referenceLosses: of another model, one a document.
  init(
    _ documents: [MembershipDocument], side: String, referenceLosses: [Double]?, _ options: MembershipOptions,
    _ model: SuiteModel
  ) throws {
    let encoder = SampleEncoder(model.model, labelScope: .text, maximumLength: options.maximumLength)
    let samples = documents.map { encoder.encode(id: $0.id, input: "", output: $0.text) }
    let tokens = try model.tokens(samples, task: "membership: \(side)")
    let losses = tokens.map { MembershipScore.loss($0.logProbabilities) }
    var values = [("loss", losses)]
    if options.includesCompression {
      let sizes = try documents.map { try CompressedSize.zlib($0.text) }
      values.append(("zlib", zip(losses, sizes).map { MembershipScore.zlib(loss: $0, compressedBytes: $1) }))
    }
    if let referenceLosses {
      values.append(
        ("reference", zip(losses, referenceLosses).map { MembershipScore.reference(loss: $0, referenceLoss: $1) }))
    }
    for fraction in options.fractions {
      let name = "min-k \(Self.percent(fraction))"
      values.append((name, tokens.map { MembershipScore.minK($0.logProbabilities, fraction: fraction) }))
    }
    for fraction in options.fractions {
      let scores = tokens.map {
        MembershipScore.minKPlusPlus(
          $0.logProbabilities, means: $0.means, variances: $0.variances, fraction: fraction)
      }
      values.append(("min-k++ \(Self.percent(fraction))", scores))
    }
    if options.includesGradientNorm {
      let norms = try model.gradientNorms(samples, task: "membership: \(side), gradients")
      values.append(("gradnorm", norms.map { $0?.total ?? .nan }))
      values.append(("gradnorm tensor mean", norms.map { $0?.tensorMean ?? .nan }))
    }
    self.values = values
  }

  /// `40%`; shares that are no whole per cent keep their digits.
  static func percent(_ fraction: Double) -> String {
    let percent = fraction * 100
    let rounded = percent.rounded()
    return abs(percent - rounded) < 1e-9 ? "\(Int(rounded))%" : "\(percent)%"
  }

  /// - Parameter direction: of a document's score; forgotten documents should score high, others as before.
  func set(_ name: String, _ documents: [MembershipDocument], _ direction: MetricDirection) -> SuiteSet {
    SuiteSet(
      name: name, ids: documents.map(\.id),
      metrics: values.map { MetricValue(name: $0.name, direction: direction, meanOf: $0.perRow) })
  }
}
