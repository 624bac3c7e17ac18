import Basics

/// Reads `model.merges` of tokenizer.json: `"a b"` strings, or `["a", "b"]` pairs.
struct MergeReader {
  let vocabulary: Vocabulary
  /// Bytes of `continuing_subword_prefix`, which a right part loses when it is merged.
  let prefixLength: Int
  let location: Location

  /// - Throws: ``Failure`` naming the merge that is malformed or names a token that is not in the vocabulary.
  func read(_ values: [JSONValue]) throws -> MergeTable {
    var table = MergeTable(count: values.count)
    var joined: [UInt8] = []
    var rank: UInt32 = 0
    for (index, value) in values.enumerated() {
      if case .string(let text) = value, text.hasPrefix("#version") { continue }
      try split(value, index) { left, right in
        guard let leftID = vocabulary.id(left) else { throw missing(left, index) }
        guard let rightID = vocabulary.id(right) else { throw missing(right, index) }
        joined.removeAll(keepingCapacity: true)
        joined += left
        joined += right.dropFirst(prefixLength)
        guard let newID = joined.withUnsafeBufferPointer({ vocabulary.id($0) }) else {
          throw joined.withUnsafeBufferPointer { missing($0, index) }
        }
        table.set(leftID, rightID, MergeTable.Merge(rank: rank, newID: Int32(truncatingIfNeeded: newID)))
      }
      rank += 1
    }
    return table
  }

  private typealias Bytes = UnsafeBufferPointer<UInt8>

  private func split(_ value: JSONValue, _ index: Int, _ body: (Bytes, Bytes) throws -> Void) throws {
    switch value {
    case .string(var text):
      try text.withUTF8 { bytes in
        guard let space = bytes.firstIndex(of: 0x20), bytes.lastIndex(of: 0x20) == space else {
          throw malformed(index, "a string without one space")
        }
        try body(Bytes(rebasing: bytes[..<space]), Bytes(rebasing: bytes[(space + 1)...]))
      }
    case .array(let pair):
      guard pair.count == 2, case .string(var left) = pair[0], case .string(var right) = pair[1] else {
        throw malformed(index, "an array of something else")
      }
      try left.withUTF8 { leftBytes in try right.withUTF8 { try body(leftBytes, $0) } }
    default: throw malformed(index, value.kindName)
    }
  }

  private func place(_ index: Int) -> Location {
    var place = location
    place.field = "\(location.field ?? "merges")[\(index)]"
    return place
  }

  private func malformed(_ index: Int, _ found: String) -> Failure {
    Failure.mismatch(at: place(index), expected: #"two tokens, "a b" or ["a", "b"]"#, found: found)
  }

  private func missing(_ token: Bytes, _ index: Int) -> Failure {
    Failure(
      .badData, at: place(index),
      "the token '\(String(decoding: token, as: UTF8.self).prefix(80))' of this merge is not in the vocabulary")
  }
}
