/// Blocks to float32, with the operations of ggml's reference in the same order, so that results are equal bit for bit.
package enum Dequantization {
  /// Expands whole blocks.
  /// - Parameters:
  ///   - source: `count / type.blockSize` blocks; no alignment needed.
  ///   - target: room for `count` numbers.
  package static func expand(
    _ type: GGMLType, _ source: UnsafeRawPointer, count: Int, into target: UnsafeMutablePointer<Float>
  ) {
    let blocks = count / type.blockSize
    switch type {
    case .f32: UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: count * 4)
    case .f16: for index in 0..<count { target[index] = half(source + index * 2) }
    case .bf16:
      for index in 0..<count {
        target[index] = Float(bitPattern: UInt32((source + index * 2).loadUnaligned(as: UInt16.self)) << 16)
      }
    case .q8_0: each(blocks, type, source, target, q8_0)
    case .q4_0: each(blocks, type, source, target, q4_0)
    case .q4_1: each(blocks, type, source, target, q4_1)
    case .q5_0: each(blocks, type, source, target, q5_0)
    case .q5_1: each(blocks, type, source, target, q5_1)
    case .q4_K: each(blocks, type, source, target, q4_K)
    case .q6_K: each(blocks, type, source, target, q6_K)
    }
  }

  @inline(__always)
  private static func each(
    _ blocks: Int, _ type: GGMLType, _ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>,
    _ expand: (UnsafeRawPointer, UnsafeMutablePointer<Float>) -> Void
  ) {
    let (size, byteCount) = (type.blockSize, type.blockByteCount)
    for block in 0..<blocks { expand(source + block * byteCount, target + block * size) }
  }

  @inline(__always)
  private static func half(_ source: UnsafeRawPointer) -> Float {
    Float(Float16(bitPattern: UInt16(littleEndian: source.loadUnaligned(as: UInt16.self))))
  }

  /// `d`, 32 × int8.
  @inline(__always)
  private static func q8_0(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
    let scale = half(block)
    let values = (block + 2).assumingMemoryBound(to: Int8.self)
    for index in 0..<32 { target[index] = Float(values[index]) * scale }
  }

  /// `d`, 16 bytes: low nibbles are elements 0–15, high nibbles 16–31.
  @inline(__always)
  private static func q4_0(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
    let scale = half(block)
    let values = (block + 2).assumingMemoryBound(to: UInt8.self)
    for index in 0..<16 {
      target[index] = scale * Float(Int32(values[index] & 15) &- 8)
      target[index + 16] = scale * Float(Int32(values[index] >> 4) &- 8)
    }
  }

  /// `d`, `m`, 16 bytes of nibbles.
  @inline(__always)
  private static func q4_1(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
    let (scale, minimum) = (half(block), half(block + 2))
    let values = (block + 4).assumingMemoryBound(to: UInt8.self)
    for index in 0..<16 {
      target[index] = scale * Float(Int32(values[index] & 15)) + minimum
      target[index + 16] = scale * Float(Int32(values[index] >> 4)) + minimum
    }
  }

  /// `d`, 32 fifth bits, 16 bytes of nibbles.
  @inline(__always)
  private static func q5_0(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
    let scale = half(block)
    let high = UInt32(littleEndian: (block + 2).loadUnaligned(as: UInt32.self))
    let values = (block + 6).assumingMemoryBound(to: UInt8.self)
    for index in 0..<16 {
      let (low, top) = fifthBits(high, values[index], index)
      target[index] = scale * Float(low &- 16)
      target[index + 16] = scale * Float(top &- 16)
    }
  }

  /// `d`, `m`, 32 fifth bits, 16 bytes of nibbles.
  @inline(__always)
  private static func q5_1(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
    let (scale, minimum) = (half(block), half(block + 2))
    let high = UInt32(littleEndian: (block + 4).loadUnaligned(as: UInt32.self))
    let values = (block + 8).assumingMemoryBound(to: UInt8.self)
    for index in 0..<16 {
      let (low, top) = fifthBits(high, values[index], index)
      target[index] = scale * Float(low) + minimum
      target[index + 16] = scale * Float(top) + minimum
    }
  }

  @inline(__always)
  private static func fifthBits(_ high: UInt32, _ byte: UInt8, _ index: Int) -> (Int32, Int32) {
    let low = UInt32(byte & 15) | (high >> UInt32(index) & 1) << 4
    let top = UInt32(byte >> 4) | (high >> UInt32(index &+ 16) & 1) << 4
    return (Int32(bitPattern: low), Int32(bitPattern: top))
  }

  /// `d`, `dmin`, eight 6-bit scales and minima in 12 bytes, 128 bytes of nibbles.
  @inline(__always)
  private static func q4_K(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
    let (scale, minimum) = (half(block), half(block + 2))
    let packed = (block + 4).assumingMemoryBound(to: UInt8.self)
    let values = (block + 16).assumingMemoryBound(to: UInt8.self)
    for part in 0..<8 {
      let (scaleBits, minimumBits): (UInt8, UInt8)
      if part < 4 {
        (scaleBits, minimumBits) = (packed[part] & 63, packed[part + 4] & 63)
      } else {
        scaleBits = packed[part + 4] & 15 | (packed[part - 4] >> 2) & 48
        minimumBits = packed[part + 4] >> 4 | (packed[part] >> 2) & 48
      }
      let (partScale, partMinimum) = (scale * Float(scaleBits), minimum * Float(minimumBits))
      let bytes = values + part / 2 * 32
      let shift = UInt8(part % 2 * 4)
      for index in 0..<32 {
        target[part * 32 + index] = partScale * Float(Int32(bytes[index] >> shift & 15)) - partMinimum
      }
    }
  }

  /// 128 bytes of low nibbles, 64 bytes of upper bit pairs, sixteen int8 scales, `d`.
  @inline(__always)
  private static func q6_K(_ block: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>) {
    let low = block.assumingMemoryBound(to: UInt8.self)
    let high = low + 128
    let scales = (block + 192).assumingMemoryBound(to: Int8.self)
    let scale = half(block + 208)
    for part in 0..<16 {
      // Parts of 16 elements; 64 elements share a nibble half, 32 a pair of upper bits.
      let (halfBlock, within) = (part / 8, part % 8)
      let nibbles = low + halfBlock * 64 + within % 4 * 16
      let pairs = high + halfBlock * 32 + within % 2 * 16
      let (nibbleShift, pairShift) = (UInt8(within / 4 * 4), UInt8(within / 2 * 2))
      let partScale = scale * Float(scales[part])
      for index in 0..<16 {
        let value = nibbles[index] >> nibbleShift & 15 | (pairs[index] >> pairShift & 3) << 4
        target[part * 16 + index] = partScale * Float(Int32(value) &- 32)
      }
    }
  }
}
