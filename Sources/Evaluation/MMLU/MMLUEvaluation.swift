import Basics
import LanguageModels
import Torch

/// Few-shot multiple choice: the likeliest of " A", " B", " C", " D" behind the prompt.
///
/// The questions of a subject share header and examples. That prefix runs once; its keys and values serve all of them.
public struct MMLUEvaluation {
  let context: EvaluationContext
  /// Solved examples before each question, 0 … 5.
  let shots: Int
  /// Tokens of questions in one pass.
  let tokensPerPass: Int
  /// False runs every prompt whole, to measure what sharing saves.
  let sharesPrefix: Bool

  public init(_ context: EvaluationContext, shots: Int = 5, tokensPerPass: Int = 2048, sharesPrefix: Bool = true) {
    self.context = context
    self.shots = shots
    self.tokensPerPass = tokensPerPass
    self.sharesPrefix = sharesPrefix
  }

  /// - Parameter chosen: indices of the questions to ask, by subject; all of a subject that is not named.
  public func run(_ data: MMLUData, chosen: [String: [Int]]? = nil) throws -> MMLUResults {
    let answerIDs = try answerTokens()
    let journal = try context.journal("mmlu")
    var done: [String: [Int: Int]] = [:]
    for entry in journal.entries {
      guard let subject = entry["subject"]?.stringValue, let question = entry["question"]?.intValue,
        let prediction = entry["prediction"]?.intValue
      else { continue }
      done[subject, default: [:]][question] = prediction
    }
    let plan = data.subjects.map { subject in
      (subject, chosen.map { $0[subject.name] ?? [] } ?? Array(subject.questions.indices))
    }
    let total = plan.reduce(0) { sum, part in sum + part.1.count { done[part.0.name]?[$0] == nil } }
    context.progress.begin("MMLU, \(shots)-shot", total: total, unit: "questions")
    var results: [MMLUResults.Subject] = []
    var tokens = 0
    for (subject, questions) in plan {
      var predictions = done[subject.name] ?? [:]
      let missing = questions.filter { predictions[$0] == nil }
      tokens += try predict(subject, missing, answerIDs) { question, prediction in
        predictions[question] = prediction
        try journal.append([
          "subject": .string(subject.name), "question": .integer(question), "prediction": .integer(prediction),
        ])
      }
      results.append(
        MMLUResults.Subject(
          name: subject.name, questions: questions, predictions: questions.map { predictions[$0] ?? -1 },
          answers: questions.map { subject.questions[$0].answer }))
    }
    context.progress.finish()
    return MMLUResults(shots: shots, subjects: results, tokens: tokens)
  }

  /// - Returns: the tokens that went through the model.
  private func predict(
    _ subject: MMLUData.Subject, _ questions: [Int], _ answerIDs: Tensor, _ finished: (Int, Int) throws -> Void
  ) throws -> Int {
    var tokens = 0
    let prompts = try questions.map { try prompt(subject, subject.questions[$0]) }
    // Prompts that had to drop examples have another prefix than the rest.
    let groups = Dictionary(grouping: prompts.indices, by: { prompts[$0].shots })
    for shots in groups.keys.sorted() {
      let members = (groups[shots] ?? []).sorted { prompts[$0].ids.count < prompts[$1].ids.count }
      let shared = sharesPrefix ? SharedPrefix.commonLength(members.map { prompts[$0].ids }) : 0
      let prefix = try SharedPrefix(
        context.model.decoder, tokens: Array((members.first.map { prompts[$0].ids } ?? []).prefix(shared)))
      let rows = members.map { Array(prompts[$0].ids.dropFirst(shared)) }
      tokens += shared + rows.reduce(0) { $0 + $1.count }
      for group in PackedRows.groups(lengths: rows.map(\.count), maximumTokens: tokensPerPass) {
        let hidden = try prefix.lastHiddenStates(Array(rows[group]))
        let best = try hidden.linear(answerIDs).argmax().integers()
        for (position, answer) in zip(group, best) { try finished(questions[members[position]], answer) }
        context.progress.advance(by: group.count, detail: subject.name)
        try context.checkInterruption()
      }
    }
    return tokens
  }

  /// The prompt's ids, with as many examples as fit.
  private func prompt(_ subject: MMLUData.Subject, _ question: MMLUQuestion) throws -> (ids: [Int], shots: Int) {
    let positions = min(MMLUPrompt.maximumTokens, context.model.architecture.maximumPositions)
    guard subject.examples.count >= shots else {
      throw Failure(
        .badData, at: Location(field: "MMLU \(subject.name)"),
        "expected \(shots) examples in dev/\(subject.name)_dev.csv, found \(subject.examples.count)")
    }
    for count in stride(from: shots, through: 0, by: -1) {
      let text = MMLUPrompt.text(subject: subject.name, examples: subject.examples, shots: count, question: question)
      let ids = context.model.tokenizer.encode(text, addSpecialTokens: true)
      guard !ids.isEmpty else {
        throw Failure(
          .badData, at: Location(field: "MMLU \(subject.name)"), "the model's tokenizer makes no token of a question",
          hint: "look at the normalizer of its tokenizer.json")
      }
      if ids.count <= positions || count == 0 { return (Array(ids.suffix(positions)), count) }
    }
    return ([], 0)
  }

  /// Rows of the head [4, hidden] for the last token of " A" … " D".
  private func answerTokens() throws -> Tensor {
    let ids = try MMLUPrompt.letters.map { letter in
      guard let id = context.model.tokenizer.encode(" \(letter)", addSpecialTokens: false).last else {
        throw Failure(.badData, "the tokenizer has no token for the answer ' \(letter)'")
      }
      return id
    }
    return try context.model.decoder.head.selected(Tensor(ids))
  }
}
