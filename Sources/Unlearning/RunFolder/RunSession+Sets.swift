import Basics
import Datasets
import Evaluation
import LanguageModels

/// From rows to the samples of each set, and what there is to say of them.
extension RunSession {
  /// What a run is made of, as samples.
  struct SampleSets {
    /// Of the retain set, or of the rows to memorise.
    let encoder: SampleEncoder
    let retain: TrainingSet
    let forget: TrainingSet?
    let unseen: [Sample]
  }

  func sets(_ forget: [Row], _ retain: [Row], _ model: LanguageModel) throws -> SampleSets {
    let encoder = SampleEncoder(
      model, labelScope: configuration.labelScope, separator: configuration.separator,
      promptTemplate: configuration.promptTemplate, appendsEndOfText: configuration.appendsEndOfText,
      maximumLength: min(configuration.maximumLength, model.architecture.maximumPositions))
    var (forgetEncoder, answerEncoder) = (encoder, encoder)
    forgetEncoder.appendsEndOfText = false
    // An answer alone is taught, whatever is forgotten: with labels on the prompt that would be learned anew.
    answerEncoder.labelScope = .output
    let wantsAnswers = configuration.activeObjective.needs.answers
    let sets = SampleSets(
      encoder: encoder, retain: try set(memorizes ? "training" : "retain", retain, encoder),
      forget: memorizes ? nil : try set("forget", forget, forgetEncoder, wantsAnswers ? answerEncoder : nil),
      unseen: try unseenDocuments(encoder))
    warnOfWhatIsNotUsed()
    return sets
  }

  /// The samples of a set; says what was cut, left out and counted, here and in the record.
  func set(
    _ name: String, _ rows: [Row], _ encoder: SampleEncoder, _ answerEncoder: SampleEncoder? = nil
  ) throws -> TrainingSet {
    let set: TrainingSet
    do {
      set = try TrainingSet(name: name, rows: rows, encoder: encoder, answerEncoder: answerEncoder)
    } catch var failure as Failure {
      if failure.location.file == nil { failure.location.file = name == "forget" ? inputs.forget : inputs.retain.first }
      throw failure
    }
    for warning in set.warnings(maximumLength: configuration.maximumLength, encoder.maximumLength) { warn(warning) }
    progress.log(.info, "\(name): \(set.samples.count) rows, \(set.tokenCount) tokens")
    var sets = record.details["sets"]?.objectValue ?? JSONObject()
    sets[name] = .object(set.countsByTask)
    record.details["sets"] = .object(sets)
    return set
  }

  /// Documents of the same kind as those to forget, every token with a label.
  func unseenDocuments(_ encoder: SampleEncoder) throws -> [Sample] {
    guard let path = record.inputs.unseen else { return [] }
    var whole = encoder
    whole.labelScope = .text
    whole.appendsEndOfText = false
    (whole.separator, whole.promptTemplate) = ("", nil)
    let samples = try MembershipDocument.read(path)
      .map { whole.encode(id: $0.id, input: "", output: $0.text) }
      .filter { $0.labelCount > 0 }
    guard !samples.isEmpty else {
      throw Failure(.badData, at: Location(file: path), "no document has two tokens or more")
    }
    if configuration.forgetBound == nil {
      warn("forget-bound is none: no row is let go, and --unseen is not used")
    } else if configuration.labelScope == .output {
      warn("--unseen bounds documents that are forgotten as a whole: choose --set label-scope=documents, or text")
    }
    return samples
  }

  /// Settings and files that were given and do nothing.
  func warnOfWhatIsNotUsed() {
    if !memorizes, configuration.retainPrior ?? 0 > 0, !configuration.activeObjective.weighsLabels {
      warn("retain-prior is not used: the objective is of whole rows or of answers, not of each label")
    }
    let base = memorizes ? .memorize : RunConfiguration()
    configuration.settingsWithoutEffect(over: base, memorizes: memorizes, hasUnseen: inputs.unseen != nil)
      .forEach(warn)
    guard !configuration.evaluates else { return }
    for (option, path) in [("--mia", inputs.membership), ("--mmlu", inputs.mmlu), ("--reference", inputs.reference)]
    where path != nil { warn("\(option) is not used: the run does not evaluate") }
  }

  func warnOfOverlap(_ forget: [Row], _ retain: [Row]) {
    let overlap = RowOverlap.find(forget: forget, retain: retain)
    for (reason, what) in [
      (RowOverlap.Reason.text, "rows are in both sets, which no model can satisfy"),
      (.id, "ids are of a row in each set"),
    ] {
      let found = overlap.filter { $0.reason == reason }
      guard !found.isEmpty else { continue }
      let shown = found.prefix(5).map(\.forgetID.shown).joined(separator: ", ")
      let more = found.count > 5 ? " and \(found.count - 5) more" : ""
      warn("\(found.count) \(what): \(shown)\(more)")
    }
  }

  /// Says it now, and keeps it for the run's record and report.
  func warn(_ message: String) {
    progress.log(.warning, message)
    let known = record.details["warnings"]?.arrayValue ?? []
    if !known.contains(.string(message)) { record.details["warnings"] = .array(known + [.string(message)]) }
  }
}
