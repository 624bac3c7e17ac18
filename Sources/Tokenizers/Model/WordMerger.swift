/// Applies merges to the symbols of one word: always the merge of the lowest rank, the leftmost of equal ones.
struct WordMerger {
  private var ranks: [UInt32] = []
  private var newIDs: [Int32] = []
  private var previous: [Int32] = []
  private var next: [Int32] = []
  private var heap: [UInt64] = []

  private static let none = UInt32.max
  /// Up to this many symbols a scan for the lowest rank is faster than a heap.
  private static let scanLimit = 40

  /// Merges until nothing more can be merged.
  mutating func merge(_ symbols: inout [Int32], with table: MergeTable) {
    if symbols.count < 2 { return }
    if symbols.count <= Self.scanLimit { scan(&symbols, table) } else { queue(&symbols, table) }
  }

  private mutating func scan(_ symbols: inout [Int32], _ table: MergeTable) {
    ranks.removeAll(keepingCapacity: true)
    newIDs.removeAll(keepingCapacity: true)
    for index in 0..<symbols.count - 1 {
      let merge = table.merge(symbols[index], symbols[index + 1])
      ranks.append(merge?.rank ?? Self.none)
      newIDs.append(merge?.newID ?? 0)
    }
    func update(_ index: Int) {
      let merge = table.merge(symbols[index], symbols[index + 1])
      ranks[index] = merge?.rank ?? Self.none
      newIDs[index] = merge?.newID ?? 0
    }
    while true {
      var best = -1
      var bestRank = Self.none
      for index in 0..<ranks.count where ranks[index] < bestRank {
        best = index
        bestRank = ranks[index]
      }
      if best < 0 { return }
      symbols[best] = newIDs[best]
      symbols.remove(at: best + 1)
      ranks.remove(at: best)
      newIDs.remove(at: best)
      if best < ranks.count { update(best) }
      if best > 0 { update(best - 1) }
    }
  }

  /// Long words: a heap of `rank << 32 | position` over a linked list, so that time grows as n log n.
  private mutating func queue(_ symbols: inout [Int32], _ table: MergeTable) {
    let count = symbols.count
    previous = (0..<count).map { Int32(truncatingIfNeeded: $0 - 1) }
    next = (0..<count).map { Int32(truncatingIfNeeded: $0 + 1 < count ? $0 + 1 : -1) }
    heap.removeAll(keepingCapacity: true)
    for index in 0..<count - 1 { push(index, index + 1, symbols, table) }
    while let top = pop() {
      let position = Int(top & 0xFFFF_FFFF)
      // A removed symbol has no id; an entry whose pair has changed since is out of date.
      guard symbols[position] >= 0, next[position] >= 0 else { continue }
      let right = Int(next[position])
      guard let merge = table.merge(symbols[position], symbols[right]), UInt64(merge.rank) == top >> 32 else {
        continue
      }
      symbols[position] = merge.newID
      symbols[right] = -1
      let following = next[right]
      next[position] = following
      if following >= 0 {
        previous[Int(following)] = Int32(truncatingIfNeeded: position)
        push(position, Int(following), symbols, table)
      }
      if previous[position] >= 0 { push(Int(previous[position]), position, symbols, table) }
    }
    symbols.removeAll { $0 < 0 }
  }

  private mutating func push(_ left: Int, _ right: Int, _ symbols: [Int32], _ table: MergeTable) {
    guard let merge = table.merge(symbols[left], symbols[right]) else { return }
    heap.append(UInt64(merge.rank) << 32 | UInt64(left))
    var child = heap.count - 1
    while child > 0, heap[(child - 1) / 2] > heap[child] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func pop() -> UInt64? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return top }
    heap[0] = last
    var parent = 0
    while true {
      var child = parent * 2 + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < heap[parent] else { break }
      heap.swapAt(child, parent)
      parent = child
    }
    return top
  }
}
