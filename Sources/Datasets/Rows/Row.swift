/// One row of a data set in the schema of SemEval-2025 Task 4: `id, input, output, task[, split]`.
public struct Row: Sendable, Equatable {
  /// What a row asks of the model, as its id says.
  public enum Kind: String, Sendable, CaseIterable {
    /// The rest of a document after its first part.
    case sentenceCompletion = "sc"
    /// A short answer to a question.
    case questionAnswer = "qa"

    /// The official rule: what an id ends in once its last character is dropped; nil for other ids.
    public init?(id: String) {
      let scalars = id.unicodeScalars.dropLast().suffix(2)
      guard let match = Self.allCases.first(where: { $0.rawValue.unicodeScalars.elementsEqual(scalars) }) else {
        return nil
      }
      self = match
    }
  }

  /// Kept verbatim; some official ids hold literal double quotes.
  public var id: String
  public var input: String
  public var output: String
  /// `Task1`, `Task2` or `Task3` in official data.
  public var task: String?
  /// `forget` or `retain` in official data.
  public var split: String?
  /// The line where the row starts, from 1, in formats that have lines.
  public var line: Int?
  /// True when the file gave no id and ``id`` is the number of the row.
  public var hasGeneratedID: Bool

  public init(
    id: String, input: String, output: String, task: String? = nil, split: String? = nil, line: Int? = nil,
    hasGeneratedID: Bool = false
  ) {
    self.id = id
    self.input = input
    self.output = output
    self.task = task
    self.split = split
    self.line = line
    self.hasGeneratedID = hasGeneratedID
  }

  /// What ``id`` says of the row.
  public var kind: Kind? { Kind(id: id) }

  /// Task and kind in one name: rows of the same stratum look alike and ask the same of a model.
  public var stratum: String { "\(task ?? "")/\(kind?.rawValue ?? "")" }

  /// The id of the document that the row was made from: ``id`` without `sc` or `qa` and one digit at its end.
  public var documentID: String {
    guard kind != nil, let last = id.unicodeScalars.last, ("0"..."9").contains(last) else { return id }
    return String(id.unicodeScalars.dropLast(3))
  }
}
