import Basics

/// Texts to and from the characters of a byte-level vocabulary (``ByteLevelAlphabet``).
enum ByteAlphabet {
  /// The scalar of each byte.
  static let scalars: [UInt32] = ByteLevelAlphabet.scalars.map(\.value)

  /// The byte of each scalar below ``limit``, or -1.
  static let bytes: [Int16] = {
    var table = [Int16](repeating: -1, count: limit)
    for (byte, scalar) in scalars.enumerated() { table[Int(scalar)] = Int16(byte) }
    return table
  }()

  private static let limit = 0x144

  /// The UTF-8 form of each byte's scalar: one or two bytes, the first in the low half.
  private static let encoded: [UInt16] = scalars.map { scalar in
    scalar < 0x80 ? UInt16(scalar) : UInt16(0xC0 | scalar >> 6) | UInt16(0x80 | scalar & 0x3F) << 8
  }

  /// Appends the characters of some bytes, as UTF-8.
  @inline(__always)
  static func encode(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, into result: inout [UInt8]) {
    for index in start..<end {
      let code = encoded[Int(bytes[index])]
      result.append(UInt8(truncatingIfNeeded: code))
      if code > 0xFF { result.append(UInt8(truncatingIfNeeded: code >> 8)) }
    }
  }

  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count * 2)
    bytes.withUnsafeBufferPointer { encode($0, 0, $0.count, into: &result) }
    return result
  }

  /// Appends the bytes that a token's characters stand for; a token with any other character stands for itself.
  static func decode(_ token: some Collection<UInt8>, into result: inout [UInt8]) {
    let start = result.count
    var iterator = token.makeIterator()
    while let lead = iterator.next() {
      var scalar = Int(lead)
      if lead >= 0x80 {
        // The alphabet ends at U+0143: one or two bytes.
        guard lead < 0xE0, let next = iterator.next() else { return whole(token, start, &result) }
        scalar = Int(lead & 0x1F) << 6 | Int(next & 0x3F)
      }
      guard scalar < limit, bytes[scalar] >= 0 else { return whole(token, start, &result) }
      result.append(UInt8(truncatingIfNeeded: bytes[scalar]))
    }
  }

  private static func whole(_ token: some Collection<UInt8>, _ start: Int, _ result: inout [UInt8]) {
    result.removeSubrange(start...)
    result += token
  }
}
