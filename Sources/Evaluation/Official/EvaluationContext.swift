import Basics
import LanguageModels

/// What the parts of an evaluation share: the model, where progress goes, whether to stop, and where finished work is
/// kept meanwhile.
public struct EvaluationContext {
  public let model: LanguageModel
  public let progress: any ProgressObserver
  /// Asked after each finished piece of work; true ends the evaluation, to be gone on with.
  public let isInterrupted: () -> Bool
  /// The folder of the journals.
  let journals: String
  /// What the journals are of; another model, other data or settings start them over.
  let fingerprint: String

  public init(
    _ model: LanguageModel, journals: String, fingerprint: String, progress: any ProgressObserver,
    isInterrupted: @escaping () -> Bool = { false }
  ) {
    self.model = model
    self.journals = journals
    self.fingerprint = fingerprint
    self.progress = progress
    self.isInterrupted = isInterrupted
  }

  func journal(_ name: String) throws -> EvaluationJournal {
    try EvaluationJournal(path: "\(journals)/\(name).jsonl", fingerprint: fingerprint)
  }

  /// - Throws: ``Failure`` of kind `stopped` when the user has asked to stop.
  func checkInterruption() throws {
    if isInterrupted() {
      throw Failure(
        .stopped, "the evaluation was stopped; what it had finished is kept", hint: "start it again to go on")
    }
  }
}
