import Basics
import LanguageModels

/// A model's scores on one of TOFU's sets, row by row.
struct TOFUSetScores {
  enum Kind {
    /// To be forgotten.
    case forget
    /// To be kept.
    case retain
    /// To be kept, and asked as a choice between the answer and the wrong ones.
    case choice
  }

  let name: String
  let kind: Kind
  let ids: [String]
  let probability: [Double]
  let rougeRecall: [Double]
  let truthRatio: [Double]
  let exactMemorization: [Double?]
  let extractionStrength: [Double?]

  init(_ name: String, _ kind: Kind, _ rows: [TOFURow], _ encoder: SampleEncoder, newTokens: Int, _ model: SuiteModel)
    throws
  {
    func encoded(_ row: TOFURow, _ answer: String) -> Sample {
      encoder.encode(id: row.id, input: row.question, output: answer)
    }
    let answers = try model.tokens(rows.map { encoded($0, $0.answer) }, task: "tofu \(name): answers")
    let rephrased = rows.indices.filter { rows[$0].paraphrasedAnswer != nil }
    let rephrasedLosses = try model.losses(
      rephrased.map { encoded(rows[$0], rows[$0].paraphrasedAnswer ?? "") }, task: "tofu \(name): paraphrased answers")
    let wrongLosses = try model.losses(
      rows.flatMap { row in row.perturbedAnswers.map { encoded(row, $0) } }, task: "tofu \(name): wrong answers")
    let texts = try model.continuations(
      rows.map { ($0.id, encoder.prompt($0.question)) }, newTokens: newTokens, task: "tofu \(name): generation")

    self.name = name
    self.kind = kind
    ids = rows.map(\.id)
    let losses = answers.map { $0.nll ?? .nan }
    var compared = losses
    for (index, loss) in zip(rephrased, rephrasedLosses) { compared[index] = loss }
    var start = 0
    let wrong = rows.map { row in
      defer { start += row.perturbedAnswers.count }
      return Array(wrongLosses[start..<start + row.perturbedAnswers.count])
    }
    probability = rows.indices.map { index in
      kind == .choice
        ? AnswerProbability.share(correctLoss: losses[index], wrongLosses: wrong[index])
        : AnswerProbability.value(meanLoss: losses[index])
    }
    truthRatio = rows.indices.map { TruthRatio.value(answerLoss: compared[$0], perturbedLosses: wrong[$0]) }
    let rouge = RougeScorer(usesStemmer: true)
    rougeRecall = zip(rows, texts).map { rouge.scores(target: $0.answer, prediction: $1).rougeL.recall }
    let end = model.model.endOfTextID
    let own = answers.map { Self.withoutEnd($0, end) }
    exactMemorization = own.map { ExactMemorization.score(predictions: $0.predictions, labels: $0.labels) }
    // A row of nothing but end-of-text counts as 0 in one of the two, and not at all in the other, there as here.
    extractionStrength = own.map { ExtractionStrength.score(predictions: $0.predictions, labels: $0.labels) ?? 0 }
    // A prompt that ends in a space takes the first token of the answer with it, which may be all there is.
    let bare = own.count { $0.labels.isEmpty }
    if bare > 0 {
      model.progress.log(
        .warning,
        "tofu \(name): \(bare) of \(rows.count) answers are one token with the end of the prompt; "
          + "only end-of-text is scored of them")
    }
  }

  /// The answer's own tokens: OpenUnlearning leaves the end-of-text label out of both memorisation scores.
  private static func withoutEnd(_ scores: TokenScorer.Scores, _ end: Int?) -> (predictions: [Int], labels: [Int]) {
    let drops = end != nil && scores.labels.last == end ? 1 : 0
    return (Array(scores.predictions.dropLast(drops)), Array(scores.labels.dropLast(drops)))
  }

  /// The scores that model utility takes of a set to be kept.
  var utility: ModelUtility.Scores {
    ModelUtility.Scores(
      probability: Mean.of(probability), rouge: Mean.of(rougeRecall),
      truthRatio: TruthRatio.utilityAggregate(truthRatio))
  }

  var set: SuiteSet {
    let known: MetricDirection = kind == .forget ? .lowerIsBetter : .higherIsBetter
    let ratios = MetricValue(
      name: "truth ratio", direction: .higherIsBetter,
      aggregate: kind == .forget
        ? TruthRatio.forgetAggregate(truthRatio) : TruthRatio.utilityAggregate(truthRatio),
      perRow: truthRatio)
    return SuiteSet(
      name: name, ids: ids,
      metrics: [
        MetricValue(name: "probability", direction: known, meanOf: probability),
        MetricValue(name: "ROUGE-L recall", direction: known, meanOf: rougeRecall), ratios,
        MetricValue(name: "exact memorization", direction: known, meanOf: exactMemorization),
        MetricValue(name: "extraction strength", direction: known, meanOf: extractionStrength),
      ])
  }
}
