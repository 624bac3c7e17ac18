/// Reads one Unicode scalar of valid UTF-8 text.
///
/// All text in this module is bytes that came out of a Swift `String`, hence valid; a truncated sequence still reads
/// as U+FFFD of length 1 and never past `end`.
@inline(__always)
func readScalar(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, end: Int) -> (value: UInt32, length: Int) {
  let lead = bytes[index]
  if lead < 0x80 { return (UInt32(lead), 1) }
  if lead < 0xE0 {
    guard index + 1 < end else { return (0xFFFD, 1) }
    return (UInt32(lead & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F), 2)
  }
  if lead < 0xF0 {
    guard index + 2 < end else { return (0xFFFD, 1) }
    return (UInt32(lead & 0x0F) << 12 | UInt32(bytes[index + 1] & 0x3F) << 6 | UInt32(bytes[index + 2] & 0x3F), 3)
  }
  guard index + 3 < end else { return (0xFFFD, 1) }
  let high = UInt32(lead & 0x07) << 18 | UInt32(bytes[index + 1] & 0x3F) << 12
  return (high | UInt32(bytes[index + 2] & 0x3F) << 6 | UInt32(bytes[index + 3] & 0x3F), 4)
}

/// The scalar that ends just before `index`, which must be above `start`.
@inline(__always)
func readScalar(_ bytes: UnsafeBufferPointer<UInt8>, before index: Int, start: Int) -> (value: UInt32, length: Int) {
  var first = index - 1
  while first > start, bytes[first] & 0xC0 == 0x80 { first -= 1 }
  let scalar = readScalar(bytes, at: first, end: index)
  return (scalar.value, index - first)
}

/// Appends the UTF-8 form of a scalar.
@inline(__always)
func append(scalar value: UInt32, to bytes: inout [UInt8]) {
  if value < 0x80 {
    bytes.append(UInt8(truncatingIfNeeded: value))
  } else if value < 0x800 {
    bytes.append(0xC0 | UInt8(truncatingIfNeeded: value >> 6))
    bytes.append(0x80 | UInt8(truncatingIfNeeded: value & 0x3F))
  } else if value < 0x10000 {
    bytes.append(0xE0 | UInt8(truncatingIfNeeded: value >> 12))
    bytes.append(0x80 | UInt8(truncatingIfNeeded: value >> 6 & 0x3F))
    bytes.append(0x80 | UInt8(truncatingIfNeeded: value & 0x3F))
  } else {
    bytes.append(0xF0 | UInt8(truncatingIfNeeded: value >> 18))
    bytes.append(0x80 | UInt8(truncatingIfNeeded: value >> 12 & 0x3F))
    bytes.append(0x80 | UInt8(truncatingIfNeeded: value >> 6 & 0x3F))
    bytes.append(0x80 | UInt8(truncatingIfNeeded: value & 0x3F))
  }
}

extension Array where Element == UInt8 {
  /// Visits every scalar with its byte range.
  func forEachScalar(_ body: (UInt32, Range<Int>) -> Void) {
    withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        let scalar = readScalar(bytes, at: index, end: bytes.count)
        body(scalar.value, index..<index + scalar.length)
        index += scalar.length
      }
    }
  }
}
