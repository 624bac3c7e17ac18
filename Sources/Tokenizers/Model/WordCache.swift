/// Remembers the ids of words. Bounded: when it is full it starts again from nothing.
struct WordCache {
  private struct Entry {
    var hash: UInt64
    var keyStart: UInt32
    var keyCount: UInt32
    var idStart: UInt32
    var idCount: UInt32
  }

  /// Words longer than this are not kept.
  static let maximumWordLength = 128
  private static let capacity = 1 << 15

  private var keys: [UInt8] = []
  private var ids: [Int32] = []
  private var entries: [Entry] = []
  /// Entry index or -1.
  private var slots = [Int32](repeating: -1, count: capacity * 2)

  /// Appends the ids of a word that is known.
  @inline(__always)
  func append(_ word: UnsafeBufferPointer<UInt8>, hash: UInt64, to output: inout [Int]) -> Bool {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      let entry = entries[Int(slots[slot])]
      if entry.hash == hash, Int(entry.keyCount) == word.count, isEqual(entry, word) {
        for index in Int(entry.idStart)..<Int(entry.idStart + entry.idCount) { output.append(Int(ids[index])) }
        return true
      }
      slot = (slot + 1) & mask
    }
    return false
  }

  @inline(__always)
  private func isEqual(_ entry: Entry, _ word: UnsafeBufferPointer<UInt8>) -> Bool {
    keys.withUnsafeBufferPointer { keys in
      let start = Int(entry.keyStart)
      var index = 0
      while index < word.count, keys[start + index] == word[index] { index += 1 }
      return index == word.count
    }
  }

  /// Keeps the ids of a word that is not known yet.
  mutating func insert(_ word: UnsafeBufferPointer<UInt8>, hash: UInt64, _ wordIDs: [Int32]) {
    guard word.count <= Self.maximumWordLength else { return }
    if entries.count == Self.capacity { self = WordCache() }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 { slot = (slot + 1) & mask }
    slots[slot] = Int32(truncatingIfNeeded: entries.count)
    entries.append(
      Entry(
        hash: hash, keyStart: UInt32(keys.count), keyCount: UInt32(word.count), idStart: UInt32(ids.count),
        idCount: UInt32(wordIDs.count)))
    keys += word
    ids += wordIDs
  }
}
