import Basics

/// The four sets that TOFU's evaluation asks of a model.
public struct TOFUData: Sendable, Equatable {
  /// What was to be forgotten: `forget10_perturbed`.
  public var forget: [TOFURow]
  /// A sample of what was to be kept: `retain_perturbed`.
  public var retain: [TOFURow]
  /// `real_authors_perturbed`.
  public var realAuthors: [TOFURow]
  /// `world_facts_perturbed`.
  public var worldFacts: [TOFURow]

  public init(forget: [TOFURow], retain: [TOFURow], realAuthors: [TOFURow], worldFacts: [TOFURow]) {
    self.forget = forget
    self.retain = retain
    self.realAuthors = realAuthors
    self.worldFacts = worldFacts
  }

  /// Reads TOFU's folder of JSON-lines files, named `.json` as published or `.jsonl`.
  ///
  /// The published evaluation asks the `*_perturbed` files throughout, which hold each question with its true answer
  /// too: 400 rows stand for the whole retain set.
  /// - Throws: ``Failure`` naming the missing file, or file, line and field.
  public static func read(folder: String, forgetSplit: String = "forget10") throws -> TOFUData {
    let splits = TOFUOptions.forgetSplits
    guard splits.contains(forgetSplit) else {
      throw Failure(
        .usage, at: Location(field: "forget split"),
        "expected \(splits.joined(separator: ", ")), found '\(forgetSplit.shown)'")
    }
    func rows(_ name: String) throws -> [TOFURow] {
      try TOFURow.read(
        SuiteFolder.file("\(name)_perturbed", in: folder, hint: "give the folder of the data set locuslab/TOFU"))
    }
    return TOFUData(
      forget: try rows(forgetSplit), retain: try rows("retain"), realAuthors: try rows("real_authors"),
      worldFacts: try rows("world_facts"))
  }

  /// Rows of each set, by the name that it has in a result.
  var counts: [String: Int] {
    [
      "forget": forget.count, "retain": retain.count, "real_authors": realAuthors.count,
      "world_facts": worldFacts.count,
    ]
  }

  /// The first `count` rows of each set.
  func limited(to count: Int?) -> TOFUData {
    guard let count else { return self }
    func first(_ rows: [TOFURow]) -> [TOFURow] { Array(rows.prefix(count)) }
    return TOFUData(
      forget: first(forget), retain: first(retain), realAuthors: first(realAuthors), worldFacts: first(worldFacts))
  }
}
