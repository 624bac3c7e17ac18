/// The official scores of one split.
public struct SplitScores: Sendable, Equatable {
  /// Means over the rows of each kind; not a number where there is no such row.
  public struct Pair: Sendable, Equatable {
    public var regurgitation: Double
    public var knowledge: Double

    init(_ rows: some Collection<RowScores>) {
      regurgitation = Mean.of(rows.compactMap(\.regurgitation))
      knowledge = Mean.of(rows.compactMap(\.knowledge))
    }
  }

  public struct Task: Sendable, Equatable {
    public var name: String
    public var scores: Pair
  }

  public let overall: Pair
  /// In the order of their names' code points.
  public let tasks: [Task]
  /// One for each row, in their order.
  public let rows: [RowScores]

  public init(_ outputs: [RowOutput]) {
    self.init(tasks: outputs.map(\.task), scores: outputs.map { RowScores($0) })
  }

  public init(_ rows: [EvaluatedRow]) { self.init(tasks: rows.map(\.task), scores: rows.map(\.scores)) }

  private init(tasks names: [String], scores: [RowScores]) {
    rows = scores
    overall = Pair(scores)
    let groups = Dictionary(grouping: names.indices) { Array(names[$0].utf8) }
    tasks = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { name, indices in
      Task(name: String(decoding: name, as: UTF8.self), scores: Pair(indices.map { scores[$0] }))
    }
  }

  /// Regurgitation, then knowledge, task by task.
  var terms: [Double] { tasks.flatMap { [$0.scores.regurgitation, $0.scores.knowledge] } }
}
