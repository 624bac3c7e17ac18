import Basics
import LanguageModels

/// The challenge's membership attack: the mean next-token loss of whole documents, members against nonmembers.
struct MembershipEvaluation {
  let context: EvaluationContext

  /// The documents as samples, every token but the first with a label.
  /// - Parameter path: the file they are from, for errors.
  /// - Throws: ``Failure`` naming a document that the model has no positions for.
  static func samples(
    _ documents: [MembershipDocument], for model: LanguageModel, from path: String
  ) throws -> [Sample] {
    let encoder = SampleEncoder(model, labelScope: .text)
    let positions = model.architecture.maximumPositions
    return try documents.map { document in
      let sample = encoder.encode(id: document.id, input: "", output: document.text)
      guard sample.inputIDs.count <= positions, sample.labelCount > 0 else {
        let count = sample.inputIDs.count
        throw Failure(
          .badData, at: Location(file: path),
          "the document '\(document.id.shown)' has \(count) tokens; expected 2 to \(positions), the model's positions",
          hint: "the attack takes whole documents: leave this one out of the file")
      }
      return sample
    }
  }

  func run(member: [Sample], nonmember: [Sample]) throws -> MembershipLosses {
    MembershipLosses(member: try losses(member, "member"), nonmember: try losses(nonmember, "nonmember"))
  }

  private func losses(_ samples: [Sample], _ name: String) throws -> [Double] {
    let journal = try context.journal(name)
    if let values = journal.entries.first?["losses"]?.arrayValue?.compactMap(\.doubleValue),
      values.count == samples.count
    {
      return values
    }
    context.progress.begin("\(name) documents: loss", total: samples.count, unit: "documents")
    let scores = try RowScorer(context.model.decoder).score(samples, progress: context.progress)
    context.progress.finish()
    let losses = scores.compactMap(\.nll)
    try journal.append(["losses": .array(losses.map(JSONValue.number))])
    try context.checkInterruption()
    return losses
  }
}
