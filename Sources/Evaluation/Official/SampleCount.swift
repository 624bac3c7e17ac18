/// How many of how many of one kind were looked at.
public struct SampleCount: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case forgetRows = "forget_rows"
    case retainRows = "retain_rows"
    /// Of the membership attack, both sides.
    case documents
    case questions = "mmlu_questions"

    /// What people call them.
    public var name: String {
      switch self {
      case .forgetRows: "forget rows"
      case .retainRows: "retain rows"
      case .documents: "documents"
      case .questions: "MMLU questions"
      }
    }
  }

  public var kind: Kind
  public var evaluated: Int
  public var total: Int

  public init(_ kind: Kind, _ evaluated: Int, of total: Int) {
    self.kind = kind
    self.evaluated = evaluated
    self.total = total
  }
}
