import Basics
import LanguageModels

/// The challenge's membership attack: the mean next-token loss of whole documents, members against nonmembers.
struct MembershipEvaluation {
  let context: EvaluationContext

  func run(member: [MembershipDocument], nonmember: [MembershipDocument]) throws -> MembershipLosses {
    MembershipLosses(member: try losses(member, "member"), nonmember: try losses(nonmember, "nonmember"))
  }

  private func losses(_ documents: [MembershipDocument], _ name: String) throws -> [Double] {
    let journal = try context.journal(name)
    if let values = journal.entries.first?["losses"]?.arrayValue?.compactMap(\.doubleValue),
      values.count == documents.count
    {
      return values
    }
    let encoder = SampleEncoder(context.model, labelScope: .text)
    let positions = context.model.architecture.maximumPositions
    let samples = try documents.map { document in
      let sample = encoder.encode(id: document.id, input: "", output: document.text)
      guard sample.inputIDs.count <= positions, sample.labelCount > 0 else {
        let count = sample.inputIDs.count
        throw Failure(
          .badData, at: Location(field: "\(name) document '\(document.id.prefix(80))'"),
          "the document has \(count) tokens; expected 2 to \(positions), the model's positions",
          hint: "the attack takes whole documents: leave this one out of both sets' files")
      }
      return sample
    }
    context.progress.begin("\(name) documents: loss", total: samples.count, unit: "documents")
    let scores = try RowScorer(context.model.decoder).score(samples, progress: context.progress)
    context.progress.finish()
    let losses = scores.map { $0.nll ?? .nan }
    guard losses.allSatisfy(\.isFinite) else {
      throw Failure(.fault, "the loss of a \(name) document is not finite", hint: "the model has diverged")
    }
    try journal.append(["losses": .array(losses.map(JSONValue.number))])
    try context.checkInterruption()
    return losses
  }
}
