import Basics
import Datasets

/// The rows that an evaluation looks at: all of them, or a sample that the seed decides.
public enum RowSample {
  /// Indices of `count` rows in their order, spread over tasks and kinds as the whole set is; every stratum keeps at
  /// least one row, so that none of the official terms is undefined. All rows when `count` is nil or not smaller.
  public static func choose(_ rows: [Row], count: Int?, seed: Int) -> [Int] {
    choose(strata: rows.map(\.stratum), count: count, seed: seed)
  }

  /// The same for anything that falls into strata.
  public static func choose(strata: [String], count: Int?, seed: Int) -> [Int] {
    guard let count, count < strata.count else { return Array(strata.indices) }
    var random = RandomStream(seed: UInt64(bitPattern: Int64(seed)), purpose: "evaluation sample")
    let groups = Dictionary(grouping: strata.indices, by: { strata[$0] })
    var chosen: [Int] = []
    for name in groups.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let members = groups[name] ?? []
      let share = Double(members.count) * Double(count) / Double(strata.count)
      chosen += random.shuffled(members).prefix(max(1, Int(share.rounded())))
    }
    return chosen.sorted()
  }
}
