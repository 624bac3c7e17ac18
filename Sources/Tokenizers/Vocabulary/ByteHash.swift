/// A fast 64-bit hash of bytes for the tables of this module; not for untrusted keys that many others share.
@inline(__always)
func byteHash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
  let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
  var hash = UInt64(truncatingIfNeeded: bytes.count) &* multiplier
  let raw = UnsafeRawBufferPointer(bytes)
  var index = 0
  while index + 8 <= raw.count {
    hash = (hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) &* multiplier
    hash ^= hash >> 29
    index += 8
  }
  var tail: UInt64 = 0
  while index < raw.count {
    tail = tail << 8 | UInt64(raw[index])
    index += 1
  }
  hash = (hash ^ tail) &* multiplier
  return hash ^ hash >> 32
}

/// The number of slots of an open-addressing table for `count` entries: a power of two, at most half full.
func slotCount(for count: Int) -> Int {
  var slots = 16
  while slots < count * 2 { slots *= 2 }
  return slots
}
