import Torch

/// Rows laid end to end without padding. Attention stays inside each row, and positions count from each row's start.
public struct PackedRows {
  /// Token ids of all rows, in order.
  public let inputIDs: [Int]
  /// Row r is tokens offsets[r] ..< offsets[r + 1].
  public let offsets: [Int]
  /// For each row, how many tokens come before it in its cache slot; zeros without a cache.
  public let starts: [Int]

  /// - Parameter rows: each with at least one token.
  public init(_ rows: [[Int]], starts: [Int]? = nil) {
    inputIDs = rows.flatMap { $0 }
    offsets = rows.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    self.starts = starts ?? Array(repeating: 0, count: rows.count)
  }

  public var rowCount: Int { offsets.count - 1 }
  public var tokenCount: Int { inputIDs.count }

  /// Each token's position in its row.
  public var positions: [Int] {
    zip(starts, zip(offsets, offsets.dropFirst())).flatMap { start, bounds in
      start..<(start + bounds.1 - bounds.0)
    }
  }

  /// Splits rows, in order, into groups of at most `maximumTokens` tokens (a longer row is a group of its own).
  public static func groups(lengths: [Int], maximumTokens: Int) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    var start = 0
    var tokens = 0
    for (index, length) in lengths.enumerated() {
      if index > start, tokens + length > maximumTokens {
        groups.append(start..<index)
        start = index
        tokens = 0
      }
      tokens += length
    }
    if start < lengths.count { groups.append(start..<lengths.count) }
    return groups
  }

  /// The last token of each row.
  public var lastTokens: [Int] { offsets.dropFirst().map { $0 - 1 } }
}
