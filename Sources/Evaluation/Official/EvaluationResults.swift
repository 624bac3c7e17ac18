import Basics
import Datasets

/// Everything that one official evaluation gave.
public struct EvaluationResults: Sendable {
  public let forget: [EvaluatedRow]
  public let retain: [EvaluatedRow]
  let forgetRows: [Row]
  let retainRows: [Row]
  /// How much of what was looked at.
  public let counts: [SampleCount]
  public let membership: MembershipLosses?
  public let mmlu: MMLUResults?
  public let options: OfficialEvaluation.Options

  /// Whether anything was looked at only in part.
  public var isSample: Bool { counts.contains { $0.evaluated < $0.total } }

  /// - Parameter mmluFloor: the least MMLU accuracy that does not bring a warning.
  public func scores(mmluFloor: Double? = nil) throws -> OfficialScores {
    OfficialScores(
      forget: SplitScores(forget), retain: SplitScores(retain), membershipAUC: try membership?.areaUnderCurve(),
      mmluAverage: mmlu?.average.value, mmluFloor: mmluFloor)
  }

  /// One figure with the set or task it is of.
  public struct Figure: Sendable, Equatable {
    public var group: String
    public var name: String
    public var direction: MetricDirection
    /// Nil where it is undefined, such as a mean over no rows.
    public var value: Double?

    public init(group: String, name: String, direction: MetricDirection, value: Double?) {
      self.group = group
      self.name = name
      self.direction = direction
      self.value = value
    }
  }

  /// What a person reads: losses and overall scores of each set, the terms task by task, and the final scores.
  public func figures() throws -> [Figure] {
    let scores = try scores()
    var figures: [Figure] = []
    func add(_ group: String, _ name: String, _ direction: MetricDirection, _ value: Double?) {
      figures.append(
        Figure(group: group, name: name, direction: direction, value: value.flatMap { $0.isFinite ? $0 : nil }))
    }
    let sides: [(String, [EvaluatedRow], SplitScores, MetricDirection, MetricDirection)] = [
      ("forget", forget, scores.forget, .lowerIsBetter, .higherIsBetter),
      ("retain", retain, scores.retain, .higherIsBetter, .lowerIsBetter),
    ]
    for (name, rows, split, known, loss) in sides where !rows.isEmpty {
      add(name, "NLL", loss, Mean.of(rows.compactMap(\.nll)))
      add(name, "ROUGE-L recall", known, split.overall.regurgitation)
      add(name, "exact match", known, split.overall.knowledge)
    }
    for (name, rows, split, known, _) in sides where !rows.isEmpty && split.tasks.count > 1 {
      for task in split.tasks {
        add("\(name) \(task.name)", "ROUGE-L recall", known, task.scores.regurgitation)
        add("\(name) \(task.name)", "exact match", known, task.scores.knowledge)
      }
    }
    if !forget.isEmpty, !retain.isEmpty { add("scores", "task aggregate", .higherIsBetter, scores.taskAggregate) }
    if let area = scores.membershipAUC {
      add("scores", "MIA AUC", .closerIsBetter(to: 0.5), area)
      add("scores", "MIA score", .higherIsBetter, scores.membershipScore)
    }
    if let average = scores.mmluAverage { add("scores", "MMLU", .higherIsBetter, average) }
    if let final = scores.finalScore { add("scores", "final score", .higherIsBetter, final) }
    return figures
  }
}
