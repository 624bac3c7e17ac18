import Basics

/// Tokens and ids, keyed by the tokens' bytes.
struct Vocabulary: Sendable {
  /// Ids above this are refused: tables are indexed by id, and no model has that many rows.
  static let maximumID = 8_000_000

  /// All tokens one after the other, entry `i` at `starts[i]..<starts[i + 1]`.
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  private var ids: [Int32] = []
  /// Open addressing: entry index or -1.
  private var slots: [Int32]
  /// The entry of each id, or -1.
  private var entryOfID: [Int32] = []

  /// The number of tokens.
  var count: Int { ids.count }
  /// The largest id, or -1.
  var largestID: Int { entryOfID.count - 1 }

  /// - Parameter object: token → id, the `model.vocab` of tokenizer.json.
  /// - Throws: ``Failure`` naming the token whose id is not an integer, negative, too large or used twice.
  init(_ object: JSONObject, at location: Location) throws {
    let entries = object.entries
    slots = [Int32](repeating: -1, count: slotCount(for: entries.count))
    ids.reserveCapacity(entries.count)
    starts.reserveCapacity(entries.count + 1)
    bytes.reserveCapacity(entries.count * 8)
    entryOfID = [Int32](repeating: -1, count: min(entries.count, Self.maximumID))
    var largest = -1
    for entry in entries {
      let id: Int
      if case .integer(let value) = entry.value, value >= 0, value <= Self.maximumID {
        id = value
      } else {
        id = try Self.checkedID(entry.value, at: location.appending(field: entry.key.shown))
      }
      largest = max(largest, id)
      if id >= entryOfID.count {
        entryOfID += [Int32](repeating: -1, count: max(id + 1, entryOfID.count * 2) - entryOfID.count)
      }
      guard entryOfID[id] < 0 else {
        throw Failure(
          .badData, at: location.appending(field: entry.key.shown),
          "the id \(id) is already that of another token")
      }
      entryOfID[id] = Int32(truncatingIfNeeded: ids.count)
      insert(entry.key, id)
    }
    entryOfID.removeSubrange((largest + 1)...)
  }

  /// An id from JSON: an integer in 0...``maximumID``.
  static func checkedID(_ value: JSONValue, at location: Location) throws -> Int {
    guard let id = value.intValue else {
      throw Failure.mismatch(at: location, expected: "an integer id", found: value.kindName)
    }
    guard id >= 0, id <= maximumID else {
      throw Failure.mismatch(at: location, expected: "an id in 0...\(maximumID)", found: "\(id)")
    }
    return id
  }

  private mutating func insert(_ token: String, _ id: Int) {
    var token = token
    let entry = Int32(truncatingIfNeeded: ids.count)
    token.withUTF8 { text in
      bytes.append(contentsOf: text)
      let mask = slots.count - 1
      var slot = Int(truncatingIfNeeded: byteHash(text)) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = entry
    }
    starts.append(bytes.count)
    ids.append(Int32(truncatingIfNeeded: id))
  }

  /// The id of a token, or nil.
  func id(_ token: UnsafeBufferPointer<UInt8>) -> Int? {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: byteHash(token)) & mask
    while slots[slot] >= 0 {
      let entry = Int(slots[slot])
      let start = starts[entry]
      if starts[entry + 1] - start == token.count {
        let isEqual = bytes.withUnsafeBufferPointer { all in
          var index = 0
          while index < token.count, all[start + index] == token[index] { index += 1 }
          return index == token.count
        }
        if isEqual { return Int(ids[entry]) }
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  func id(_ token: [UInt8]) -> Int? { token.withUnsafeBufferPointer { id($0) } }

  func id(_ token: String) -> Int? {
    var token = token
    return token.withUTF8 { id($0) }
  }

  /// The bytes of a token, or nil.
  func token(_ id: Int) -> ArraySlice<UInt8>? {
    guard id >= 0, id < entryOfID.count, entryOfID[id] >= 0 else { return nil }
    let entry = Int(entryOfID[id])
    return bytes[starts[entry]..<starts[entry + 1]]
  }
}
