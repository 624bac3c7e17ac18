import Basics

/// A question with its answer: a row of MUSE's `knowmem`.
public struct MUSEQuestion: Sendable, Equatable {
  public var id: String
  public var question: String
  public var answer: String

  public init(id: String, question: String, answer: String) {
    self.id = id
    self.question = question
    self.answer = answer
  }

  /// Rows `{question, answer}`.
  public static func read(_ path: String) throws -> [MUSEQuestion] {
    try JSONRecords.read(path).map {
      MUSEQuestion(id: try $0.identifier(), question: try $0.text("question"), answer: try $0.text("answer"))
    }
  }
}

/// The beginning of a passage and how it goes on: a row of MUSE's `verbmem`.
public struct MUSEPassage: Sendable, Equatable {
  public var id: String
  public var prompt: String
  /// `gt`, the ground truth.
  public var continuation: String

  public init(id: String, prompt: String, continuation: String) {
    self.id = id
    self.prompt = prompt
    self.continuation = continuation
  }

  /// Rows `{prompt, gt}`.
  public static func read(_ path: String) throws -> [MUSEPassage] {
    try JSONRecords.read(path).map {
      MUSEPassage(id: try $0.identifier(), prompt: try $0.text("prompt"), continuation: try $0.text("gt"))
    }
  }
}

/// Questions about one side of the data, and the examples that come before each.
public struct MUSEKnowledge: Sendable, Equatable {
  public var questions: [MUSEQuestion]
  public var examples: [MUSEQuestion]

  public init(questions: [MUSEQuestion], examples: [MUSEQuestion]) {
    self.questions = questions
    self.examples = examples
  }
}

/// One corpus of MUSE (News or Books) in the files that its own `load_data.py` writes, named `.json` or `.jsonl`:
///
///     knowmem/forget_qa, knowmem/forget_qa_icl, knowmem/retain_qa, knowmem/retain_qa_icl   {question, answer}
///     verbmem/forget                                                                       {prompt, gt}
///     privleak/forget, privleak/holdout                                                    {text}, or texts
public struct MUSEData: Sendable, Equatable {
  public var forgetKnowledge: MUSEKnowledge
  public var retainKnowledge: MUSEKnowledge
  public var passages: [MUSEPassage]
  /// Documents of the forget set.
  public var forgetTexts: [MembershipDocument]
  /// Documents of the same kind that no model saw.
  public var holdoutTexts: [MembershipDocument]

  public init(
    forgetKnowledge: MUSEKnowledge, retainKnowledge: MUSEKnowledge, passages: [MUSEPassage],
    forgetTexts: [MembershipDocument], holdoutTexts: [MembershipDocument]
  ) {
    self.forgetKnowledge = forgetKnowledge
    self.retainKnowledge = retainKnowledge
    self.passages = passages
    self.forgetTexts = forgetTexts
    self.holdoutTexts = holdoutTexts
  }

  /// - Throws: ``Failure`` naming the missing file, or file, line and field.
  public static func read(folder: String) throws -> MUSEData {
    func file(_ name: String) throws -> String {
      try SuiteFolder.file(
        name, in: folder, hint: "give a corpus as MUSE's load_data.py writes it: knowmem/, verbmem/, privleak/")
    }
    func knowledge(_ side: String) throws -> MUSEKnowledge {
      MUSEKnowledge(
        questions: try MUSEQuestion.read(file("knowmem/\(side)_qa")),
        examples: try MUSEQuestion.read(file("knowmem/\(side)_qa_icl")))
    }
    return MUSEData(
      forgetKnowledge: try knowledge("forget"), retainKnowledge: try knowledge("retain"),
      passages: try MUSEPassage.read(file("verbmem/forget")),
      forgetTexts: try MembershipDocument.read(file("privleak/forget")),
      holdoutTexts: try MembershipDocument.read(file("privleak/holdout")))
  }
}
