import Basics
import Datasets
import Foundation
import LanguageModels

/// The challenge's whole evaluation of one model: both splits and, where they are given, the membership attack and MMLU.
public struct OfficialEvaluation {
  public struct Options: Sendable, Equatable {
    public var maximumNewTokens = 256
    /// Rows decoded together.
    public var batchSize = GreedyGenerator.defaultBatchSize
    /// About so many rows of each split, documents of each side and questions of MMLU are looked at, at least one of each
    /// task and kind, and of each subject; nil takes all.
    public var sample: Int?
    /// MMLU questions to look at, at least one of each subject; ``sample`` when nil.
    public var mmluSample: Int?
    /// What the sample is drawn by.
    public var seed = 0
    /// Solved examples before an MMLU question.
    public var shots = 5
    /// Whether results may hold the rows' text. Without it they hold ids and scores alone.
    public var keepsText = false
    /// Rows must have an official id, ending in `sc` or `qa` and one more character.
    public var requiresKinds = false

    public init() {}
  }

  /// What is evaluated on.
  public struct Inputs: Sendable {
    public var forget: [Row]
    public var retain: [Row]
    /// A folder with `member.jsonl` and `nonmember.jsonl`.
    public var membershipFolder: String?
    /// A folder with `dev` and `test`.
    public var mmluFolder: String?
    /// The files that the rows are from, for errors.
    public var files: (forget: [String], retain: [String])

    public init(
      forget: [Row], retain: [Row], membershipFolder: String? = nil, mmluFolder: String? = nil,
      files: (forget: [String], retain: [String]) = ([], [])
    ) {
      self.files = files
      self.forget = forget
      self.retain = retain
      self.membershipFolder = membershipFolder
      self.mmluFolder = mmluFolder
    }
  }

  private let inputs: Inputs
  private let options: Options
  private let membership: (member: [MembershipDocument], nonmember: [MembershipDocument])?
  private let mmlu: MMLUData?

  /// Reads and checks everything before the model does any work.
  public init(_ inputs: Inputs, options: Options) throws {
    self.inputs = inputs
    self.options = options
    if options.requiresKinds {
      for (set, rows, files) in [
        ("forget", inputs.forget, inputs.files.forget), ("retain", inputs.retain, inputs.files.retain),
      ] {
        guard let index = rows.firstIndex(where: { $0.kind == nil }) else { continue }
        let row = rows[index]
        throw Failure.mismatch(
          at: Location(file: files.joined(separator: ", "), line: row.line, field: "id"),
          expected: "an id that ends in sc or qa and one more character",
          found: "'\(row.id.shown)' in row \(index + 1) of the \(set) set",
          hint: "the kind of a row decides how it is scored")
      }
    }
    membership = try inputs.membershipFolder.map(Self.documents)
    mmlu = try inputs.mmluFolder.map { try MMLUData(folder: $0) }
  }

  private static func documents(
    _ folder: String
  ) throws -> (member: [MembershipDocument], nonmember: [MembershipDocument]) {
    try Folder.require(folder)
    func read(_ name: String) throws -> [MembershipDocument] {
      let path = "\(folder)/\(name).jsonl"
      guard FileManager.default.fileExists(atPath: path) else {
        throw Failure(
          .missingInput, at: Location(file: folder),
          "expected member.jsonl and nonmember.jsonl; \(name).jsonl is missing")
      }
      return try MembershipDocument.read(path)
    }
    return (try read("member"), try read("nonmember"))
  }

  /// Runs the evaluation. What an interrupted one has finished (in the journals of `context`) is not done again.
  /// - Parameter encoder: how rows become prompts; label scope, EOS and length are those of the official evaluation here: whole rows.
  public func run(_ context: EvaluationContext, encoder: SampleEncoder) throws -> EvaluationResults {
    var scoring = encoder
    scoring.appendsEndOfText = false
    scoring.labelScope = .output
    scoring.maximumLength = nil
    let split = SplitEvaluation(context: context, encoder: scoring, options: options)
    func chosen(_ rows: [Row]) -> [Row] {
      RowSample.choose(rows, count: options.sample, seed: options.seed).map { rows[$0] }
    }
    let (forgetRows, retainRows) = (chosen(inputs.forget), chosen(inputs.retain))
    // A document that does not fit is refused before the rows are run.
    let documents = try documents(for: context.model)
    let forget = try split.run(forgetRows, name: "forget")
    let retain = try split.run(retainRows, name: "retain")
    let losses = try documents.map { try MembershipEvaluation(context: context).run(member: $0.0, nonmember: $0.1) }
    let answers = try mmlu.map { data in
      try MMLUEvaluation(context, shots: options.shots).run(data, chosen: sample(data))
    }
    var counts = [
      SampleCount(.forgetRows, forget.count, of: inputs.forget.count),
      SampleCount(.retainRows, retain.count, of: inputs.retain.count),
    ]
    if let membership, let losses {
      let total = membership.member.count + membership.nonmember.count
      counts.append(SampleCount(.documents, losses.member.count + losses.nonmember.count, of: total))
    }
    if let mmlu, let answers {
      let total = mmlu.subjects.reduce(0) { $0 + $1.questions.count }
      counts.append(SampleCount(.questions, answers.average.questions, of: total))
    }
    return EvaluationResults(
      forget: forget, retain: retain, forgetRows: forgetRows, retainRows: retainRows, counts: counts,
      membership: losses, mmlu: answers, options: options)
  }

  /// Refuses documents that the model has no positions for.
  /// - Throws: ``Failure`` naming file and document.
  package func requireFits(_ model: LanguageModel) throws { _ = try documents(for: model) }

  private func documents(for model: LanguageModel) throws -> (member: [Sample], nonmember: [Sample])? {
    try membership.map { sides in
      let folder = inputs.membershipFolder ?? ""
      func samples(_ documents: [MembershipDocument], _ name: String) throws -> [Sample] {
        try MembershipEvaluation.samples(sample(documents), for: model, from: "\(folder)/\(name).jsonl")
      }
      return (try samples(sides.member, "member"), try samples(sides.nonmember, "nonmember"))
    }
  }

  private func sample(_ documents: [MembershipDocument]) -> [MembershipDocument] {
    let strata = Array(repeating: "", count: documents.count)
    return RowSample.choose(strata: strata, count: options.sample, seed: options.seed).map { documents[$0] }
  }

  private func sample(_ data: MMLUData) -> [String: [Int]]? {
    guard let count = options.mmluSample ?? options.sample else { return nil }
    let all = data.subjects.flatMap { subject in subject.questions.indices.map { (subject.name, $0) } }
    let kept = RowSample.choose(strata: all.map(\.0), count: count, seed: options.seed)
    return Dictionary(grouping: kept.map { all[$0] }, by: \.0).mapValues { $0.map(\.1) }
  }
}
