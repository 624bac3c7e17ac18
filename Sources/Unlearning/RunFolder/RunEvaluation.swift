import Basics
import Datasets
import Evaluation
import Foundation
import LanguageModels

/// The evaluation of a run before and after: `evaluation/before` and `evaluation/after`, each the results of one
/// ``OfficialEvaluation``. A moment that is already there is not done again, and one that was stopped goes on.
struct RunEvaluation {
  let folder: String
  let configuration: RunConfiguration
  let encoder: SampleEncoder
  let inputs: OfficialEvaluation.Inputs
  /// What journals are of: hashes of model and data.
  let fingerprint: String
  let progress: any ProgressObserver
  var isInterrupted: () -> Bool

  static func options(_ configuration: RunConfiguration) -> OfficialEvaluation.Options {
    var options = OfficialEvaluation.Options()
    options.maximumNewTokens = configuration.maximumNewTokens
    options.sample = configuration.evaluationRows
    options.seed = configuration.seed
    options.keepsText = configuration.revealsForgetText
    return options
  }

  func evaluate(_ model: LanguageModel, name: String) throws -> EvaluationSummary {
    let target = "\(folder)/\(name)"
    if FileManager.default.fileExists(atPath: "\(target)/\(EvaluationSummary.fileName)") {
      return try EvaluationSummary(folder: target)
    }
    let journals = "\(folder)/\(name).unfinished"
    try Folder.create(journals)
    progress.log(.info, "evaluation \(name) the run")
    let context = EvaluationContext(
      model, journals: journals, fingerprint: "\(fingerprint) \(ConfigurationFile.text(configuration))",
      progress: progress, isInterrupted: isInterrupted)
    let results = try OfficialEvaluation(inputs, options: Self.options(configuration)).run(context, encoder: encoder)
    try Folder.writeAtomically(target, replacing: true) { try results.write(to: $0) }
    try? FileManager.default.removeItem(atPath: journals)
    return try EvaluationSummary(folder: target)
  }
}
