import Basics

/// The merges of a byte-pair encoding: a pair of ids → its rank and the id of what it becomes.
struct MergeTable: Sendable {
  struct Merge {
    var rank: UInt32
    var newID: Int32
  }

  private struct Slot {
    var pair: UInt64
    var merge: Merge
  }

  /// No pair: ids are below 2^31.
  private static let empty = UInt64.max
  private var slots: [Slot]

  /// Room for `count` merges.
  init(count: Int) {
    slots = [Slot](
      repeating: Slot(pair: Self.empty, merge: Merge(rank: 0, newID: 0)), count: slotCount(for: count))
  }

  /// Sets the merge of a pair; the last of two equal pairs counts, as in the reference.
  mutating func set(_ left: Int, _ right: Int, _ merge: Merge) {
    let pair = Self.pair(Int32(truncatingIfNeeded: left), Int32(truncatingIfNeeded: right))
    var slot = Self.hash(pair) & (slots.count - 1)
    while slots[slot].pair != Self.empty, slots[slot].pair != pair { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Slot(pair: pair, merge: merge)
  }

  /// The merge of a pair, or nil.
  @inline(__always)
  func merge(_ left: Int32, _ right: Int32) -> Merge? {
    let pair = Self.pair(left, right)
    return slots.withUnsafeBufferPointer { slots in
      let mask = slots.count - 1
      var slot = Self.hash(pair) & mask
      while slots[slot].pair != Self.empty {
        if slots[slot].pair == pair { return slots[slot].merge }
        slot = (slot + 1) & mask
      }
      return nil
    }
  }

  @inline(__always)
  private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  @inline(__always)
  private static func hash(_ pair: UInt64) -> Int {
    let mixed = pair &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: (mixed ^ mixed >> 32) >> 8)
  }
}
