import Basics

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

  /// Whether two evaluations looked at the same of each kind that both looked at.
  /// - Parameters: `sample` of both, by kind how many of how many; nil where all was looked at.
  static func areComparable(_ one: JSONObject?, _ other: JSONObject?) -> Bool {
    Kind.allCases.allSatisfy { kind in
      let (left, right) = (numbers(kind, one), numbers(kind, other))
      // A kind that one of the two knows nothing of.
      if one != nil && left == nil || other != nil && right == nil { return true }
      func partial(_ numbers: [Int]?) -> [Int]? { numbers.flatMap { $0[0] < $0[1] ? $0 : nil } }
      guard partial(left) == partial(right) else { return false }
      return partial(left) == nil || one?["seed"] == other?["seed"]
    }
  }

  private static func numbers(_ kind: Kind, _ note: JSONObject?) -> [Int]? {
    let found = note?[kind.rawValue]?.arrayValue?.compactMap(\.intValue)
    return found?.count == 2 ? found : nil
  }
}
