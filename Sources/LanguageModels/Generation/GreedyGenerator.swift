import Basics
import Torch

/// Greedy generation for many prompts at once: rows enter a slot of the cache when one is free and leave when they are
/// done, longest prompts first.
public struct GreedyGenerator {
  /// Rows decoded together when nothing is said.
  public static let defaultBatchSize = 32

  private let decoder: Decoder
  private let endOfText: Set<Int>
  private let maximumNewTokens: Int
  private let batchSize: Int

  /// - Parameters:
  ///   - endOfText: ids that end a row; the id itself is part of the result, as in transformers' `generate`.
  ///   - batchSize: rows decoded together.
  public init(_ decoder: Decoder, endOfText: [Int], maximumNewTokens: Int, batchSize: Int = defaultBatchSize) {
    self.decoder = decoder
    self.endOfText = Set(endOfText)
    self.maximumNewTokens = max(0, maximumNewTokens)
    self.batchSize = max(1, batchSize)
  }

  private struct Row {
    let index: Int
    let slot: Int
    var length: Int
    var generated: [Int]
  }

  /// New token ids for each prompt, in the order of `prompts`; each prompt has at least one token.
  /// - Parameter finished: gets each prompt's index and new ids as soon as it is done.
  public func generate(
    _ prompts: [[Int]], progress: (any ProgressObserver)? = nil, finished: (Int, [Int]) throws -> Void = { _, _ in }
  ) throws -> [[Int]] {
    var results = [[Int]](repeating: [], count: prompts.count)
    guard maximumNewTokens > 0, !prompts.isEmpty else { return results }
    try withoutGradient {
      let order = prompts.indices.sorted { (prompts[$0].count, $1) > (prompts[$1].count, $0) }
      let slots = min(batchSize, prompts.count)
      let longest = order.first.map { prompts[$0].count } ?? 0
      let cache = try KeyValueCache(decoder, slots: slots, capacity: longest + maximumNewTokens)
      var waiting = order[...]
      var free = Array((0..<slots).reversed())
      var active: [Row] = []
      while !waiting.isEmpty || !active.isEmpty {
        var entering: [Row] = []
        while let index = waiting.first, let slot = free.popLast() {
          waiting.removeFirst()
          entering.append(Row(index: index, slot: slot, length: 0, generated: []))
        }
        if !entering.isEmpty { active += try advance(entering, cache) { prompts[$0.index] } }
        let stillGoing = active.filter { !isDone($0) }
        for row in active where isDone(row) {
          results[row.index] = row.generated
          free.append(row.slot)
          progress?.advance(by: 1, detail: nil)
          try finished(row.index, row.generated)
        }
        active = stillGoing
        // Free slots are filled before the next decoding step, so that the batch stays full.
        if !free.isEmpty, !waiting.isEmpty || active.isEmpty { continue }
        active = try advance(active, cache) { [$0.generated.last ?? 0] }
      }
    }
    return results
  }

  private func isDone(_ row: Row) -> Bool {
    row.generated.count >= maximumNewTokens || row.generated.last.map(endOfText.contains) ?? false
  }

  /// Feeds each row's `input` and appends the most likely next token.
  private func advance(_ rows: [Row], _ cache: KeyValueCache, _ input: (Row) -> [Int]) throws -> [Row] {
    let inputs = rows.map(input)
    let packed = PackedRows(inputs, starts: rows.map(\.length))
    let wanted = packed.tokenCount == rows.count ? nil : packed.lastTokens
    let last = try decoder.hiddenStates(packed, of: wanted, cache: cache, slots: rows.map(\.slot))
    // Once a row, behind its prompt: the most likely token of numbers that are none would be 0.
    if rows.contains(where: \.generated.isEmpty), try !last.allFinite() {
      throw Failure.notFinite("the model's hidden state behind a prompt")
    }
    let next = try last.linear(decoder.head).argmax().integers()
    return zip(rows, zip(inputs, next)).map { row, step in
      Row(
        index: row.index, slot: row.slot, length: row.length + step.0.count, generated: row.generated + [step.1])
    }
  }
}
