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
    let scores = outputs.map { RowScores($0) }
    rows = scores
    overall = Pair(scores)
    let groups = Dictionary(grouping: outputs.indices) { Array(outputs[$0].task.utf8) }
    tasks = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { name, indices in
      Task(name: String(decoding: name, as: UTF8.self), scores: Pair(indices.map { scores[$0] }))
    }
  }

  /// Regurgitation, then knowledge, task by task.
  var terms: [Double] { tasks.flatMap { [$0.scores.regurgitation, $0.scores.knowledge] } }
}
