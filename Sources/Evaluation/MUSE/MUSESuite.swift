import Basics
import LanguageModels

/// MUSE (Shi et al., 2025): what a model still knows of the forget set, recites of it, and gives away of its membership,
/// as the benchmark's own scripts score it.
///
/// - `knowmem`: ROUGE-L F1 of answers to questions after ten examples, on the forget (↓) and the retain (↑) side.
/// - `verbmem` (↓): ROUGE-L F1 of greedy continuations against the first 128 tokens of the true one.
/// - `privleak`: ``PrivLeak`` of the min-k 40 % score with forget texts as members and holdout texts as nonmembers.
public enum MUSESuite {
  /// - Parameter retrainedAUC: the AUC, forget as 0 and holdout as 1, of the model retrained without the forget set;
  ///   without it `privleak` has no value, and the result says why.
  /// - Throws: ``Failure`` for wrong options, an empty set, too few examples, or a row that the model cannot take.
  public static func run(
    _ model: LanguageModel, data: MUSEData, options: MUSEOptions = MUSEOptions(), retrainedAUC: Double? = nil,
    progress: any ProgressObserver
  ) throws -> SuiteResult {
    try options.check()
    let score = "min-k \(MembershipScores.percent(options.fraction))"
    let retrained = try retrainedAUC.map { try MembershipReference(areasUnderCurve: [score: $0]) }
    let running = SuiteModel(
      model: model, tokensPerPass: options.tokensPerPass, batchSize: options.batchSize, progress: progress)
    let forgetExamples = try MUSEPrompt.examples(data.forgetKnowledge.examples, shots: options.shots, side: "forget")
    let retainExamples = try MUSEPrompt.examples(data.retainKnowledge.examples, shots: options.shots, side: "retain")
    let forget = try knowledge(
      data.forgetKnowledge.questions, after: forgetExamples, "forget", .lowerIsBetter, options, running)
    let retain = try knowledge(
      data.retainKnowledge.questions, after: retainExamples, "retain", .higherIsBetter, options, running)
    let recited = try passages(data.passages, options, running)
    let privacy = try MembershipSuite.run(
      model, members: limited(data.forgetTexts, options), nonmembers: limited(data.holdoutTexts, options),
      options: MembershipOptions(
        fractions: [options.fraction], includesCompression: false, tokensPerPass: options.tokensPerPass),
      retrained: retrained, progress: progress)

    func whole(_ name: String, _ part: MetricValue?) -> MetricValue {
      MetricValue(name: name, direction: part?.direction ?? .lowerIsBetter, aggregate: part?.aggregate ?? .nan)
    }
    let privacySets = zip(["privleak_forget", "privleak_holdout"], privacy.sets).map { name, set in
      SuiteSet(name: name, ids: set.ids, metrics: set.metrics.filter { $0.name == score })
    }
    var reasons: [String: String] = [:]
    if let reason = privacy.reasons["\(score) privleak"] { reasons["privleak"] = reason }
    return SuiteResult(
      suite: "muse", settings: options.settings,
      metrics: [
        whole("knowmem forget", forget.metrics.first), whole("knowmem retain", retain.metrics.first),
        whole("verbmem forget", recited.metrics.first), whole("privleak", privacy["\(score) privleak"]),
        whole("privleak AUC", privacy["\(score) AUC"]),
      ],
      reasons: reasons, sets: [forget, retain, recited] + privacySets
    ).ofSets([
      "knowmem_forget": data.forgetKnowledge.questions.count, "knowmem_retain": data.retainKnowledge.questions.count,
      "verbmem_forget": data.passages.count, "privleak_forget": data.forgetTexts.count,
      "privleak_holdout": data.holdoutTexts.count,
    ])
  }

  private static func limited<Row>(_ rows: [Row], _ options: MUSEOptions) -> [Row] {
    Array(rows.prefix(options.rowLimit ?? rows.count))
  }

  private static func knowledge(
    _ questions: [MUSEQuestion], after examples: String, _ side: String, _ direction: MetricDirection,
    _ options: MUSEOptions, _ model: SuiteModel
  ) throws -> SuiteSet {
    let rows = try nonempty(limited(questions, options), "knowmem/\(side)_qa")
    let encoder = SampleEncoder(model.model)
    let texts = try model.continuations(
      rows.map { ($0.id, encoder.prompt(examples + MUSEPrompt.question($0.question))) },
      newTokens: options.answerTokens,
      task: "muse: knowledge, \(side)")
    let rouge = RougeScorer(usesStemmer: options.usesStemmer)
    let scores = zip(rows, texts).map { row, text in
      rouge.scores(target: row.answer, prediction: MUSEPrompt.cut(text)).rougeL.f1
    }
    return SuiteSet(
      name: "knowmem_\(side)", ids: rows.map(\.id),
      metrics: [MetricValue(name: "ROUGE-L F1", direction: direction, meanOf: scores)])
  }

  private static func passages(_ passages: [MUSEPassage], _ options: MUSEOptions, _ model: SuiteModel) throws
    -> SuiteSet
  {
    let rows = try nonempty(limited(passages, options), "verbmem/forget")
    let encoder = SampleEncoder(model.model)
    let texts = try model.continuations(
      rows.map { ($0.id, encoder.prompt($0.prompt)) }, newTokens: options.passageTokens, task: "muse: passages")
    let rouge = RougeScorer(usesStemmer: options.usesStemmer)
    let scores = zip(rows, texts).map { row, text in
      // The published script cuts the ids of the text, a beginning-of-text token included.
      let target = model.text(Array(encoder.prompt(row.continuation).prefix(options.passageTokens)))
      return rouge.scores(target: target, prediction: text).rougeL.f1
    }
    return SuiteSet(
      name: "verbmem_forget", ids: rows.map(\.id),
      metrics: [MetricValue(name: "ROUGE-L F1", direction: .lowerIsBetter, meanOf: scores)])
  }

  private static func nonempty<Row>(_ rows: [Row], _ name: String) throws -> [Row] {
    guard !rows.isEmpty else {
      throw Failure.mismatch(at: Location(field: name), expected: "at least one row", found: "none")
    }
    return rows
  }
}

extension MUSESuite {
  /// The AUC of an earlier evaluation, of the retrained model, which PrivLeak compares with.
  /// - Throws: ``Failure`` naming file and field; also where it was taken by other settings.
  public static func membershipAUC(storedAt path: String, options: MUSEOptions = MUSEOptions()) throws -> Double {
    let location = Location(file: path)
    let place = location.appending(field: "metrics")
    let object = try SuiteReference.read(
      path, suite: "muse", settings: options.settings, equalIn: ["fraction", "row_limit"])
    let entry = try object.object("metrics", at: location).object("privleak_auc", at: place)
    return try entry.areaUnderCurve(at: place.appending(field: "privleak_auc"))
  }
}
