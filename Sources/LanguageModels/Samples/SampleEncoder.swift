import Basics
import Tokenizers

/// Which tokens of a row carry labels.
public enum LabelScope: String, Sendable, CaseIterable {
  /// Only the output: what the official evaluation scores.
  case output
  /// Prompt and output: for documents that must be forgotten as a whole.
  case text
  /// Prompt and output of rows that are documents, cut in two to be completed; the output of all others.
  case documents
}

/// From a row's text to a ``Sample``.
public struct SampleEncoder: Sendable {
  public var labelScope: LabelScope
  /// Text between input and output; none in the official data.
  public var separator: String
  /// A prompt with `{input}` in it; the input alone when nil.
  public var promptTemplate: String?
  /// Ends the labels with the model's end-of-text token.
  public var appendsEndOfText: Bool
  /// Longer rows are cut at the right; nil keeps them whole.
  public var maximumLength: Int?
  private let tokenizer: Tokenizer
  private let endOfText: Int?

  public init(
    _ model: LanguageModel, labelScope: LabelScope = .output, separator: String = "", promptTemplate: String? = nil,
    appendsEndOfText: Bool = false, maximumLength: Int? = nil
  ) {
    self.labelScope = labelScope
    self.separator = separator
    self.promptTemplate = promptTemplate
    self.appendsEndOfText = appendsEndOfText
    self.maximumLength = maximumLength
    tokenizer = model.tokenizer
    endOfText = model.endOfTextID
  }

  /// The prompt's token ids, as generation starts from them.
  public func prompt(_ input: String) -> [Int] {
    tokenizer.encode(promptText(input), addSpecialTokens: true)
  }

  /// - Parameter isDocument: whether prompt and output are one document, for ``LabelScope/documents``.
  public func encode(
    id: String, input: String, output: String, stratum: String = "", isDocument: Bool = false
  ) -> Sample {
    let labelsPrompt = labelScope == .text || labelScope == .documents && isDocument
    let promptText = promptText(input)
    var ids = tokenizer.encode(promptText + output, addSpecialTokens: true)
    let promptCount = labelsPrompt ? 0 : tokenizer.encode(promptText, addSpecialTokens: true).count
    if appendsEndOfText, let endOfText { ids.append(endOfText) }
    let kept = min(ids.count, maximumLength ?? ids.count)
    let truncated = ids.count - kept
    if truncated > 0 { ids = Array(ids.prefix(kept)) }
    let labels = ids.enumerated().map { $0.offset < promptCount ? Sample.ignoredLabel : $0.element }
    return Sample(id: id, inputIDs: ids, labels: labels, truncatedTokens: truncated, stratum: stratum)
  }

  private func promptText(_ input: String) -> String {
    let text = promptTemplate.map { $0.replacing("{input}", with: input) } ?? input
    return text + separator
  }
}
