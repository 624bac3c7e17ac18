import Basics

/// The scores of the SemEval-2025 unlearning challenge, from row outputs, document losses and an MMLU accuracy.
public struct OfficialScores: Sendable, Equatable {
  /// The challenge's least MMLU accuracy of the 7B model.
  public static let mmluFloor = 0.371
  /// What that is of the accuracy before: the least of any other model.
  public static let mmluFloorShare = 0.75

  public let forget: SplitScores
  public let retain: SplitScores
  /// AUC of the loss attack; nil where no losses were given.
  public let membershipAUC: Double?
  /// Accuracy over all MMLU questions; nil where none was given.
  public let mmluAverage: Double?
  /// The least accuracy that does not bring a warning; nil where it is not known, the start model's not being so.
  public let mmluFloor: Double?
  /// Whether the rows, documents or questions are known to be some of more.
  public var isSample = false

  public init(
    forget: [RowOutput], retain: [RowOutput], membershipAUC: Double? = nil, mmluAverage: Double? = nil,
    mmluFloor: Double? = OfficialScores.mmluFloor
  ) {
    self.init(
      forget: SplitScores(forget), retain: SplitScores(retain), membershipAUC: membershipAUC, mmluAverage: mmluAverage,
      mmluFloor: mmluFloor)
  }

  public init(
    forget: SplitScores, retain: SplitScores, membershipAUC: Double? = nil, mmluAverage: Double? = nil,
    mmluFloor: Double? = OfficialScores.mmluFloor
  ) {
    self.forget = forget
    self.retain = retain
    self.membershipAUC = membershipAUC
    self.mmluAverage = mmluAverage
    self.mmluFloor = mmluFloor
  }

  /// Scores what an evaluation has stored; no model is needed.
  /// - Parameters:
  ///   - generationsFolder: holds `forget_*.csv` and `retain_*.csv`; see ``GenerationsFile/readSplit(_:folder:)``.
  ///   - miaScores: a JSON file `{"member": [losses…], "nonmember": [losses…]}`.
  ///   - mmluMetrics: a JSON file whose `average_acc` is the MMLU accuracy, in 0…1.
  /// - Throws: ``Failure`` naming file, line and field.
  public static func recompute(
    generationsFolder: String, miaScores: String? = nil, mmluMetrics: String? = nil,
    mmluFloor: Double? = OfficialScores.mmluFloor
  ) throws -> OfficialScores {
    var scores = OfficialScores(
      forget: try GenerationsFile.readSplit("forget", folder: generationsFolder),
      retain: try GenerationsFile.readSplit("retain", folder: generationsFolder),
      membershipAUC: try miaScores.map { try MembershipLosses(path: $0).areaUnderCurve() },
      mmluAverage: try mmluMetrics.map(mmluAverage), mmluFloor: mmluFloor)
    // An evaluation marks what is of a sample: rows by the file's name, losses and accuracy by a key.
    scores.isSample =
      try GenerationsFile.areOfSample(in: generationsFolder)
      || [miaScores, mmluMetrics].contains { try $0.map { try JSONFile.object($0).has("sample") } ?? false }
    return scores
  }

  private static func mmluAverage(path: String) throws -> Double {
    let location = Location(file: path)
    let average = try JSONFile.object(path).double("average_acc", at: location)
    guard (0...1).contains(average) else {
      throw Failure.mismatch(
        at: location.appending(field: "average_acc"), expected: "an accuracy in 0…1", found: "\(average)")
    }
    return average
  }

  /// One minus regurgitation and knowledge on the forget set, then the two on the retain set, task by task: twelve for
  /// the challenge's three tasks. All are better higher.
  public var aggregatedTerms: [Double] { forget.terms.map { 1 - $0 } + retain.terms }

  /// The harmonic mean of ``aggregatedTerms``; not a number when a task has no row of a kind and no term is 0.
  public var taskAggregate: Double { HarmonicMean.of(aggregatedTerms) }

  /// 1 − 2·|AUC − ½|.
  public var membershipScore: Double? { membershipAUC.map { 1 - abs($0 - 0.5) * 2 } }

  /// The arithmetic mean of task aggregate, membership score and MMLU accuracy; nil when one of them is missing.
  public var finalScore: Double? {
    guard let membershipScore, let mmluAverage else { return nil }
    return Mean.exact([taskAggregate, mmluAverage, membershipScore])
  }

  /// What a reader of the scores must know, one sentence each.
  public var warnings: [String] {
    var result = isSample ? ["these are scores of a sample, not of all rows, documents and questions"] : []
    for (name, split) in [("forget", forget), ("retain", retain)] {
      for task in split.tasks {
        if task.scores.regurgitation.isNaN { result.append("\(name) \(task.name) has no sentence-completion row") }
        if task.scores.knowledge.isNaN { result.append("\(name) \(task.name) has no question-answer row") }
      }
    }
    if let mmluAverage, let mmluFloor, mmluAverage < mmluFloor {
      let whose = mmluFloor == Self.mmluFloor ? " of the challenge's 7B model" : ""
      result.append("the MMLU accuracy \(mmluAverage) is below the floor \(mmluFloor)\(whose)")
    }
    return result
  }
}
