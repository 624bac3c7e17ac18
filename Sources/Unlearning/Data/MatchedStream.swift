import LanguageModels

/// Retain rows drawn to match a forget batch, row for row, by task and kind.
///
/// Forgetting spills over to rows that look like the forgotten ones (questions of the same form, stories of the same
/// make). A retain gradient of such rows holds against just that; one of other rows does not. Each stratum has an order
/// of its own and is gone through once before it repeats.
public struct MatchedStream: Sendable, Equatable, Codable {
  private var strata: [String: Stratum] = [:]
  /// Rows for a stratum that the retain set does not have: drawn from all of it.
  private var rest: Stratum

  private struct Stratum: Sendable, Equatable, Codable {
    let members: [Int]
    var stream: BatchStream

    init(_ members: [Int], seed: Int, purpose: String) {
      self.members = members
      stream = BatchStream(count: members.count, batchSize: 1, seed: seed, purpose: purpose)
    }

    mutating func next() -> Int? { stream.next().first.map { members[$0] } }

    func continues(_ fresh: Stratum) -> Bool { members == fresh.members && stream.continues(fresh.stream) }
  }

  public init(_ retain: [Sample], seed: Int) {
    for (name, members) in Dictionary(grouping: retain.indices, by: { retain[$0].stratum }) {
      strata[name] = Stratum(members, seed: seed, purpose: "retain rows matched by stratum \(name)")
    }
    rest = Stratum(Array(retain.indices), seed: seed, purpose: "retain rows without a match")
  }

  /// Indices of retain rows, `ratio` for each row of the batch.
  public mutating func next(matching batch: [Sample], ratio: Int = 1) -> [Int] {
    (0..<ratio).flatMap { _ in batch.compactMap { strata[$0.stratum]?.next() ?? rest.next() } }
  }

  /// Whether this can be a later state of the other one, over the same rows.
  func continues(_ fresh: MatchedStream) -> Bool {
    strata.count == fresh.strata.count && rest.continues(fresh.rest)
      && fresh.strata.allSatisfy { name, stratum in strata[name]?.continues(stratum) ?? false }
  }
}
