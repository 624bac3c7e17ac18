import Basics
import LanguageModels

/// Attacks that tell documents that a model was trained on (members: the forget set) from ones that it was not
/// (nonmembers: the holdout), each by one score a document.
///
/// The scores are `loss`, `zlib`, `reference` (where the losses of a reference model are given), `min-k 20%`,
/// `min-k 40%`, `min-k++ 20%`, `min-k++ 40%` and, when asked for, `gradnorm` (the norm over all trained parameters as one
/// vector) and `gradnorm tensor mean` (OpenUnlearning's: the mean of the norms of single tensors). The metric
/// `<score> AUC` is the area with members as 0 and nonmembers as 1: ½ when the two cannot be told apart, near 1 when
/// members are still known. `<score> privleak` compares it with the retrained model's.
///
/// All next tokens of a document count, as in MUSE's own script; OpenUnlearning leaves out the last one.
public enum MembershipSuite {
  /// - Parameters:
  ///   - referenceLosses: mean losses of the same documents under a reference model.
  ///   - retrained: AUCs of the model retrained without the members; a score that it lacks gets no PrivLeak.
  /// - Throws: ``Failure`` for wrong options, an empty side, reference losses of other documents, or a document that the
  ///   model cannot take.
  public static func run(
    _ model: LanguageModel, members: [MembershipDocument], nonmembers: [MembershipDocument],
    options: MembershipOptions = MembershipOptions(), referenceLosses: MembershipLosses? = nil,
    retrained: MembershipReference? = nil, progress: any ProgressObserver
  ) throws -> SuiteResult {
    try options.check()
    let running = SuiteModel(model: model, tokensPerPass: options.tokensPerPass, batchSize: 1, progress: progress)
    let sides = [
      ("member", members, referenceLosses?.member), ("nonmember", nonmembers, referenceLosses?.nonmember),
    ]
    for (side, documents, losses) in sides { try check(side, documents, losses) }
    let limit = options.rowLimit ?? Int.max
    let looked = sides.map { side, documents, losses in
      (side, Array(documents.prefix(limit)), losses.map { Array($0.prefix(limit)) })
    }
    let scores = try looked.map { side, documents, losses in
      try MembershipScores(documents, side: side, referenceLosses: losses, options, running)
    }
    var metrics: [MetricValue] = []
    var reasons: [String: String] = [:]
    for (member, nonmember) in zip(scores[0].values, scores[1].values) {
      let area = try AreaUnderCurve.of(positive: nonmember.perRow, negative: member.perRow)
      let score = MetricValue(name: member.name, direction: .closerIsBetter(to: 0.5), aggregate: area)
      let leak = retrained?.area(score).map { PrivLeak.value(areaUnderCurve: area, retrained: $0) }
      let leakName = "\(member.name) privleak"
      if leak == nil {
        reasons[leakName] = "the AUC of the model retrained without the forget set is not given; no other can stand in"
      }
      metrics += [
        MetricValue(name: "\(member.name) AUC", direction: score.direction, aggregate: area),
        MetricValue(name: leakName, direction: .closerIsBetter(to: 0), aggregate: leak ?? .nan),
      ]
    }
    return SuiteResult(
      suite: "membership", settings: options.settings, metrics: metrics, reasons: reasons,
      sets: [
        scores[0].set("member", looked[0].1, .higherIsBetter), scores[1].set("nonmember", looked[1].1, .lowerIsBetter),
      ]
    ).ofSets(["member": members.count, "nonmember": nonmembers.count])
  }

  /// Mean losses of documents alone: what a reference model contributes.
  public static func losses(
    _ model: LanguageModel, members: [MembershipDocument], nonmembers: [MembershipDocument],
    options: MembershipOptions = MembershipOptions(), progress: any ProgressObserver
  ) throws -> MembershipLosses {
    try options.check()
    let running = SuiteModel(model: model, tokensPerPass: options.tokensPerPass, batchSize: 1, progress: progress)
    let encoder = SampleEncoder(model, labelScope: .text, maximumLength: options.maximumLength)
    func losses(_ documents: [MembershipDocument], _ side: String) throws -> [Double] {
      try check(side, documents, nil)
      return try running.losses(
        documents.map { encoder.encode(id: $0.id, input: "", output: $0.text) }, task: "membership: \(side), reference")
    }
    return MembershipLosses(
      member: try losses(members, "member"), nonmember: try losses(nonmembers, "nonmember"))
  }

  private static func check(_ side: String, _ documents: [MembershipDocument], _ losses: [Double]?) throws {
    guard !documents.isEmpty else {
      throw Failure.mismatch(at: Location(field: side), expected: "at least one document", found: "none")
    }
    if let losses, losses.count != documents.count {
      throw Failure.mismatch(
        at: Location(field: "reference losses of \(side)"), expected: "\(documents.count), one a document",
        found: "\(losses.count)", hint: "score the same documents with the reference model")
    }
  }
}
