/// float32 to the element types that models are stored in, rounding to nearest and ties to even.
package enum FloatEncoding {
  /// True for the types that ``encode(_:as:into:)`` writes.
  static func supports(_ type: ElementType) -> Bool { [.float32, .float16, .bfloat16].contains(type) }

  /// Writes `numbers` as `type` to `target`, which has room for them.
  package static func encode(
    _ numbers: UnsafeBufferPointer<Float>, as type: ElementType, into target: UnsafeMutableRawPointer
  ) {
    switch type {
    case .bfloat16:
      for (index, number) in numbers.enumerated() {
        target.storeBytes(of: bfloat16(number), toByteOffset: index * 2, as: UInt16.self)
      }
    case .float16:
      for (index, number) in numbers.enumerated() {
        target.storeBytes(of: Float16(number).bitPattern, toByteOffset: index * 2, as: UInt16.self)
      }
    default:
      if let start = numbers.baseAddress { target.copyMemory(from: start, byteCount: numbers.count * 4) }
    }
  }

  @inline(__always)
  static func bfloat16(_ number: Float) -> UInt16 {
    let bits = number.bitPattern
    // Rounding could carry a NaN's payload into infinity.
    if number.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
  }
}
