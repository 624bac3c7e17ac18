import Torch

/// Tokens that many rows begin with, run through the decoder once: their keys and values stay in a cache, and each row
/// costs its own tokens only.
public struct SharedPrefix {
  private let decoder: Decoder
  private let length: Int
  private let cache: KeyValueCache?

  /// - Parameter tokens: may be empty.
  public init(_ decoder: Decoder, tokens: [Int]) throws {
    self.decoder = decoder
    length = tokens.count
    guard !tokens.isEmpty else {
      cache = nil
      return
    }
    let cache = try KeyValueCache(decoder, slots: 1, capacity: tokens.count)
    try withoutGradient {
      _ = try decoder.hiddenStates(PackedRows([tokens]), of: [tokens.count - 1], cache: cache, slots: [0])
    }
    self.cache = cache
  }

  /// Final hidden states [rows, hidden] of the last token of each row; rows see the prefix and themselves only.
  /// - Parameter rows: what follows the prefix, each with at least one token.
  public func lastHiddenStates(_ rows: [[Int]]) throws -> Tensor {
    try withoutGradient {
      let packed = PackedRows(rows, starts: Array(repeating: length, count: rows.count))
      let slots = Array(repeating: 0, count: rows.count)
      return try decoder.hiddenStates(packed, of: packed.lastTokens, cache: cache, slots: slots, keepsRows: false)
    }
  }

  /// How many tokens all rows begin with; each row keeps at least one of its own.
  public static func commonLength(_ rows: [[Int]]) -> Int {
    guard let first = rows.first else { return 0 }
    return rows.reduce(first.count) { length, row in
      let limit = min(length, row.count - 1)
      return (0..<max(0, limit)).first { row[$0] != first[$0] } ?? max(0, limit)
    }
  }
}
