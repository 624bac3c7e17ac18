import LanguageModels

/// The labels that the retain set teaches anyway: stock phrases, the frame of a form, the end of a known word.
///
/// A model that never saw the forget set says those as well: to forget them damages what is to be kept, and tells that
/// something was there. What is left of a forget row is what it alone can have taught. A label counts as shared where up
/// to `length` tokens before it are followed by it in three retain rows or more, and in most of those that have these
/// tokens. One row, or a coincidence of digits, is not enough.
public struct SharedContext: Sendable {
  /// Tokens before a label that are looked at, at most.
  public let length: Int
  /// Hashes of contexts with the label that follows.
  private let shared: Set<UInt64>

  /// Retain rows that must agree.
  private static let agreeing = 3

  public init(length: Int, retain: [Sample]) {
    self.length = length
    var contexts: [UInt64: RowCount] = [:]
    var continuations: [UInt64: RowCount] = [:]
    for (row, sample) in retain.enumerated() {
      Self.forEachContext(of: sample.inputIDs, upTo: length) { _, context, continuation in
        contexts[context, default: RowCount()].add(row)
        continuations[continuation, default: RowCount()].add(row)
      }
    }
    var shared: Set<UInt64> = []
    for sample in retain {
      Self.forEachContext(of: sample.inputIDs, upTo: length) { _, context, continuation in
        let rows = continuations[continuation]?.rows ?? 0
        if rows >= Self.agreeing, 2 * rows > contexts[context]?.rows ?? 0 { shared.insert(continuation) }
      }
    }
    self.shared = shared
  }

  /// The row without its shared labels; as it was where that would leave it none.
  public func withoutShared(_ sample: Sample) -> Sample {
    var labels = sample.labels
    Self.forEachContext(of: sample.inputIDs, upTo: length) { position, _, continuation in
      if shared.contains(continuation) { labels[position] = Sample.ignoredLabel }
    }
    let rest = sample.labelled(labels)
    return rest.labelCount > 0 ? rest : sample
  }

  /// In how many rows something stands.
  private struct RowCount {
    private(set) var rows = 0
    private var last = -1

    mutating func add(_ row: Int) {
      if row != last { rows += 1 }
      last = row
    }
  }

  /// Every token with each context before it. Hashes are FNV-1a over the length and the ids; two that were equal by
  /// accident would cost one label.
  private static func forEachContext(
    of ids: [Int], upTo length: Int, _ body: (_ position: Int, _ context: UInt64, _ continuation: UInt64) -> Void
  ) {
    func adding(_ id: Int, to hash: UInt64) -> UInt64 { (hash ^ UInt64(truncatingIfNeeded: id)) &* 0x100_0000_01B3 }
    for position in ids.indices.dropFirst() {
      for count in 1...max(1, min(length, position)) {
        let start = adding(-count, to: 0xCBF2_9CE4_8422_2325)
        let context = ids[(position - count)..<position].reduce(start) { adding($1, to: $0) }
        body(position, context, adding(ids[position], to: context))
      }
    }
  }
}
