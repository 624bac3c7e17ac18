extension RunReport {
  /// The loss attack: can losses tell the documents that the model was trained on (members) from others?
  public struct Membership: Sendable, Equatable {
    /// One model's losses, in nats per token, a value a document.
    public struct Losses: Sendable, Equatable {
      public var member: [Double]
      public var nonmember: [Double]
      /// AUC of −loss with members as 1; nil where it was not computed.
      public var areaUnderCurve: Double?

      public init(member: [Double], nonmember: [Double], areaUnderCurve: Double? = nil) {
        self.member = member
        self.nonmember = nonmember
        self.areaUnderCurve = areaUnderCurve
      }
    }

    public var before: Losses?
    public var after: Losses?

    public init(before: Losses? = nil, after: Losses? = nil) {
      self.before = before
      self.after = after
    }
  }

  /// Accuracies on MMLU, as shares in 0…1.
  public struct MMLU: Sendable, Equatable {
    /// One category or sub-category.
    public struct Score: Sendable, Equatable {
      public var name: String
      public var questions: Int?
      public var before: Double?
      public var after: Double?

      public init(_ name: String, questions: Int? = nil, before: Double? = nil, after: Double? = nil) {
        self.name = name
        self.questions = questions
        self.before = before
        self.after = after
      }
    }

    /// Examples before each question.
    public var shots: Int?
    public var categories: [Score]
    public var subcategories: [Score]

    public init(shots: Int? = nil, categories: [Score] = [], subcategories: [Score] = []) {
      self.shots = shots
      self.categories = categories
      self.subcategories = subcategories
    }
  }
}
