/// Finds the leftmost-longest occurrences of a set of byte strings.
struct TokenTrie: Sendable {
  /// Child of a node: key `node << 8 | byte`.
  private var children: [UInt64: Int32] = [:]
  /// The root's children by byte, 0 for none, so that most positions cost one look.
  private var rootChildren = [Int32](repeating: 0, count: 256)
  /// The id that ends at a node, or -1.
  private var ids: [Int32] = [-1]

  var isEmpty: Bool { ids.count == 1 }

  /// Adds a token; the first of two equal ones stays.
  mutating func insert(_ token: [UInt8], id: Int) {
    guard !token.isEmpty else { return }
    var node: Int32 = 0
    for byte in token {
      if let child = child(of: node, byte) {
        node = child
        continue
      }
      let new = Int32(truncatingIfNeeded: ids.count)
      ids.append(-1)
      if node == 0 { rootChildren[Int(byte)] = new } else { children[UInt64(node) << 8 | UInt64(byte)] = new }
      node = new
    }
    if ids[Int(node)] < 0 { ids[Int(node)] = Int32(truncatingIfNeeded: id) }
  }

  @inline(__always)
  private func child(of node: Int32, _ byte: UInt8) -> Int32? {
    if node == 0 {
      let child = rootChildren[Int(byte)]
      return child == 0 ? nil : child
    }
    return children[UInt64(node) << 8 | UInt64(byte)]
  }

  /// The next occurrence at or after `start`, or nil.
  func firstMatch(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (start: Int, end: Int, id: Int)? {
    var first = start
    while first < bytes.count {
      if rootChildren[Int(bytes[first])] != 0, let match = longestMatch(bytes, at: first) {
        return (first, match.end, match.id)
      }
      first += 1
    }
    return nil
  }

  private func longestMatch(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (end: Int, id: Int)? {
    var node: Int32 = 0
    var index = start
    var best: (end: Int, id: Int)?
    while index < bytes.count, let child = child(of: node, bytes[index]) {
      node = child
      index += 1
      if ids[Int(node)] >= 0 { best = (index, Int(ids[Int(node)])) }
    }
    return best
  }
}
