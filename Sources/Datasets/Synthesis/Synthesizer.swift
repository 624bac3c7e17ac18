import Basics

/// How large a fictitious data set is.
public struct SynthesisOptions: Sendable, Equatable {
  public var seed: Int
  /// Documents of each task in each train set; validation sets have a quarter, at least one.
  public var documentsPerTask: Int
  /// Sentences of a story.
  public var storySentences: Int
  /// Questions asked about a document, at most.
  public var questionsPerDocument: Int

  public init(seed: Int = 0, documentsPerTask: Int = 8, storySentences: Int = 12, questionsPerDocument: Int = 5) {
    self.seed = seed
    self.documentsPerTask = documentsPerTask
    self.storySentences = storySentences
    self.questionsPerDocument = questionsPerDocument
  }

  /// The sizes by their names on the command line.
  public enum Preset: String, Sendable, CaseIterable {
    case standard
    /// Small enough to be memorised and unlearned on a laptop in minutes.
    case demo

    public func options(seed: Int) -> SynthesisOptions {
      switch self {
      case .standard: SynthesisOptions(seed: seed)
      case .demo:
        SynthesisOptions(seed: seed, documentsPerTask: 4, storySentences: 8, questionsPerDocument: 2)
      }
    }
  }
}

/// Makes a fictitious data set in the official schema of SemEval-2025 Task 4: equal seeds give equal bytes.
public enum Synthesizer {
  /// As many as a run looks at unless told otherwise (`unseen-rows`).
  private static let unseenCount = 32

  /// Writes `{forget,retain}_{train,validation}.jsonl` and `mia/{member,nonmember,unseen}.jsonl` as one folder.
  ///
  /// Members are the forget documents as a whole; nonmembers are documents of the same kind that are in no set. Unseen
  /// ones are of the same kind again, for `unlearn run --unseen`: none of them is in the attack that a run is judged by.
  /// - Returns: rows of each file.
  @discardableResult
  public static func write(to folder: String, options: SynthesisOptions) throws -> [(file: String, rows: Int)] {
    var random = RandomStream(seed: UInt64(bitPattern: Int64(options.seed)), purpose: "fictitious data")
    var names = Names()
    var files: [(name: String, lines: [JSONObject])] = []
    var members: [FictitiousDocument] = []
    for split in DataSplit.allCases {
      for side in DataSide.allCases {
        let count = split == .train ? options.documentsPerTask : max(1, options.documentsPerTask / 4)
        var rows: [Row] = []
        for task in 1...3 {
          for _ in 0..<count {
            let document = document(task: task, options, &names, &random)
            if side == .forget, split == .train { members.append(document) }
            rows += self.rows(document, task: task, side: side, split: split, options, &random)
          }
        }
        files.append(("\(side.rawValue)_\(split.rawValue).jsonl", rows.map(RowWriter.object)))
      }
    }
    func others(_ count: Int) -> [FictitiousDocument] {
      (0..<count).map { document(task: $0 % 3 + 1, options, &names, &random) }
    }
    let nonmembers = others(members.count)
    let unseen = others(unseenCount)
    for (name, documents) in [("member", members), ("nonmember", nonmembers), ("unseen", unseen)] {
      let lines = documents.enumerated().map { index, document in
        JSONObject([("id", .string("\(name)-\(index)")), ("document", .string(document.text))])
      }
      files.append(("mia/\(name).jsonl", lines))
    }
    try Folder.writeAtomically(folder) { aside in
      try Folder.create("\(aside)/mia")
      for file in files { try RowWriter.writeJSONLines(file.lines, to: "\(aside)/\(file.name)") }
    }
    return files.map { ($0.name, $0.lines.count) }
  }

  private static func document(
    task: Int, _ options: SynthesisOptions, _ names: inout Names, _ random: inout RandomStream
  ) -> FictitiousDocument {
    switch task {
    case 1: StoryWriter.write(sentences: options.storySentences, &names, &random)
    case 2: BiographyWriter.write(&names, &random)
    default: EncyclopediaWriter.write(&names, &random)
    }
  }

  /// One sentence completion, cut after the first quarter of the sentences, and the questions.
  private static func rows(
    _ document: FictitiousDocument, task: Int, side: DataSide, split: DataSplit, _ options: SynthesisOptions,
    _ random: inout RandomStream
  ) -> [Row] {
    let identifier = identifier(&random)
    let cut = max(1, document.sentences.count / 4)
    func row(_ suffix: String, _ input: String, _ output: String) -> Row {
      Row(
        id: identifier + suffix, input: input, output: output, task: "Task\(task)",
        split: side.rawValue)
    }
    let rest = document.sentences[cut...].joined(separator: " ")
    var rows = [row("sc1", document.sentences[..<cut].joined(separator: " "), " \(rest)")]
    for (index, item) in document.questions.prefix(options.questionsPerDocument).enumerated() {
      rows.append(row("qa\(index)", "\(item.question)", " \(item.answer)"))
    }
    return rows
  }

  /// A UUID's form.
  private static func identifier(_ random: inout RandomStream) -> String {
    func hex(_ count: Int) -> String {
      (0..<count).map { _ in String(random.next(below: 16), radix: 16) }.joined()
    }
    return [8, 4, 4, 4, 12].map(hex).joined(separator: "-")
  }
}
