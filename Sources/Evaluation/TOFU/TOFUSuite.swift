import Basics
import LanguageModels

/// TOFU (Maini et al., 2024), scored as OpenUnlearning scores it.
///
/// Labels are the answer's tokens and end-of-text. Each set has `probability`, `ROUGE-L recall` of greedy answers,
/// `truth ratio` (per row the ratio itself, as aggregate what ``TruthRatio`` makes of it), `exact memorization` and
/// `extraction strength`; the suite has `model utility` and `forget quality`.
public enum TOFUSuite {
  /// - Parameters:
  ///   - reference: of a model trained on the retain set alone. Without one forget quality has no value, and the result
  ///     says why.
  ///   - progress: gets one piece of work for each set and score.
  /// - Throws: ``Failure`` for wrong options, a reference of other rows or prompts, or a row that the model cannot take.
  public static func run(
    _ model: LanguageModel, data: TOFUData, options: TOFUOptions = TOFUOptions(), reference: TOFUReference? = nil,
    progress: any ProgressObserver
  ) throws -> SuiteResult {
    try options.check()
    let counts = data.counts
    let data = data.limited(to: options.rowLimit)
    try reference?.check(options, forgetCount: data.forget.count)
    if model.endOfTextID == nil {
      progress.log(.warning, "the model has no end-of-text token: labels are the answers alone")
    }
    let running = SuiteModel(
      model: model, tokensPerPass: options.tokensPerPass, batchSize: options.batchSize, progress: progress)
    let encoder = options.encoder(model)
    func scores(_ name: String, _ kind: TOFUSetScores.Kind, _ rows: [TOFURow]) throws -> TOFUSetScores {
      try TOFUSetScores(name, kind, rows, encoder, newTokens: options.maximumNewTokens, running)
    }
    let forget = try scores("forget", .forget, data.forget)
    let retain = try scores("retain", .retain, data.retain)
    let authors = try scores("real_authors", .choice, data.realAuthors)
    let facts = try scores("world_facts", .choice, data.worldFacts)

    let utility = ModelUtility(retain: retain.utility, realAuthors: authors.utility, worldFacts: facts.utility)
    var reasons: [String: String] = [:]
    var quality = Double.nan
    do {
      quality = try ForgetQuality.value(unlearned: forget.truthRatio, retained: reference?.truthRatios)
    } catch let failure as Failure {
      reasons["forget quality"] = [failure.message, failure.hint].compactMap { $0 }.joined(separator: "; ")
    }
    return SuiteResult(
      suite: "tofu", settings: options.settings,
      metrics: [
        MetricValue(name: "model utility", direction: .higherIsBetter, aggregate: utility.value),
        MetricValue(name: "forget quality", direction: .higherIsBetter, aggregate: quality),
      ],
      reasons: reasons, sets: [forget, retain, authors, facts].map(\.set)
    ).ofSets(counts)
  }
}
