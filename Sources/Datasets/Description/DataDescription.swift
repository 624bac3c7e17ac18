import Basics

/// What a data set holds: rows for each set and task, kinds of rows, characters, and lengths in tokens.
public struct DataDescription: Sendable, Equatable {
  /// One set of rows, such as `forget_train`.
  public struct SetDescription: Sendable, Equatable {
    public var name: String
    public var total: RowCounts
    /// By task, in the order of the names; rows without a task are under ``DataDescription/noTask``.
    public var tasks: [(name: String, counts: RowCounts)]

    public static func == (left: SetDescription, right: SetDescription) -> Bool {
      left.name == right.name && left.total == right.total && left.tasks.elementsEqual(right.tasks, by: ==)
    }
  }

  /// What stands for the task of rows that have none.
  public static let noTask = "no task"

  public var sets: [SetDescription]

  /// - Parameter tokenLength: the length of a text in tokens; it gets each row's input and output joined, as a loss
  ///   sees them.
  public init(sets: [(name: String, rows: [Row])], tokenLength: ((String) throws -> Int)? = nil) rethrows {
    self.sets = try sets.map { name, rows in
      let lengths = try tokenLength.map { length in try rows.map { try length($0.input + $0.output) } }
      var indices: [ExactText: [Int]] = [:]
      for (index, row) in rows.enumerated() { indices[ExactText(row.task ?? Self.noTask), default: []].append(index) }
      let tasks = indices.map { task, indices in
        (
          name: task.text,
          counts: RowCounts(indices.map { rows[$0] }, tokenLengths: lengths.map { all in indices.map { all[$0] } })
        )
      }
      return SetDescription(
        name: name, total: RowCounts(rows, tokenLengths: lengths),
        tasks: tasks.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    }
  }

  /// Describes every set behind a path: one file, or all the sets of a folder.
  public static func read(_ path: String, tokenLength: ((String) throws -> Int)? = nil) throws -> DataDescription {
    let sets = try DataSource.sets(at: path).map { (name: $0.name, rows: try RowReader.read($0.paths)) }
    return try DataDescription(sets: sets, tokenLength: tokenLength)
  }

  /// The names of all tasks, sorted.
  public var taskNames: [String] {
    Set(sets.flatMap { $0.tasks.map { ExactText($0.name) } }).map(\.text)
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  public var jsonValue: JSONValue {
    .object(
      JSONObject([
        (
          "sets",
          .array(
            sets.map { set in
              let tasks = set.tasks.map { ($0.name, $0.counts.jsonValue) }
              return .object(
                JSONObject([
                  ("name", .string(set.name)), ("total", set.total.jsonValue), ("tasks", .object(JSONObject(tasks))),
                ]))
            })
        )
      ]))
  }
}
