import Datasets
import Evaluation
import LanguageModels
import Torch

/// How much of the forget set the model still says: mean ROUGE-L recall, 0 to 1, of greedy continuations of some of its
/// rows' prompts, each as long as the longest of these rows' outputs at most.
struct RegurgitationProbe {
  private let model: LanguageModel
  private let rows: [Row]
  private let prompts: [[Int]]
  private let group: ProcessGroup
  private let maximumNewTokens: Int

  /// - Parameters:
  ///   - count: rows to look at, spread over tasks and kinds by the seed.
  ///   - group: the processes that share them.
  init(
    _ model: LanguageModel, _ rows: [Row], encoder: SampleEncoder, count: Int, maximumNewTokens: Int, seed: Int,
    group: ProcessGroup
  ) {
    self.model = model
    self.group = group
    // A prompt without a token has nothing to go on from, and one that fills all positions has nowhere to go.
    let positions = model.architecture.maximumPositions
    let usable = rows.map { ($0, encoder.prompt($0.input)) }.filter { (1..<positions).contains($0.1.count) }
    let chosen = RowSample.choose(usable.map(\.0), count: count, seed: seed).map { usable[$0] }
    self.rows = chosen.map(\.0)
    prompts = chosen.map(\.1)
    var outputs = encoder
    outputs.labelScope = .output
    let longest = self.rows.map { outputs.encode(id: $0.id, input: $0.input, output: $0.output).labelCount }.max() ?? 0
    self.maximumNewTokens = min(longest, maximumNewTokens, positions - (prompts.map(\.count).max() ?? 0))
  }

  /// Nil without a row.
  func measure() throws -> Double? {
    guard !rows.isEmpty else { return nil }
    let generator = GreedyGenerator(
      model.decoder, endOfText: model.endOfTextIDs, maximumNewTokens: maximumNewTokens)
    let scorer = RougeScorer(usesStemmer: true)
    let share = group.membership.share(of: prompts.map(\.count))
    let own = zip(share, try generator.generate(share.map { prompts[$0] })).map { row, ids in
      let text = model.tokenizer.decode(ids, skipSpecialTokens: true, cleanUpTokenizationSpaces: true)
      return scorer.scores(target: rows[row].output, prediction: text).rougeL.recall
    }
    let recalls = try group.joined(own, at: share, count: rows.count)
    return recalls.reduce(0, +) / Double(recalls.count)
  }
}
