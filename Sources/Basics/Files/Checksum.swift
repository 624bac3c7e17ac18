/// A checksum against damage, not against forgery: FNV-1a (Fowler, Noll, Vo) over words of eight bytes, at the speed at
/// which memory is read. Each step is a bijection of what came before, so that one changed word always shows.
public struct Checksum {
  private var value: UInt64 = 0xcbf2_9ce4_8422_2325

  public init() {}

  /// Takes these bytes in; how a sequence is cut into calls is part of what is summed up.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let words = bytes.count / 8
    for index in 0..<words {
      mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)))
    }
    var rest = UInt64(bytes.count % 8)
    for byte in bytes[(words * 8)...] { rest = rest << 8 | UInt64(byte) }
    mix(rest)
  }

  public mutating func update(_ text: String) {
    var copy = text
    copy.withUTF8 { update(UnsafeRawBufferPointer($0)) }
  }

  /// The sum as hexadecimal digits.
  public var digits: String { String(value, radix: 16) }

  private mutating func mix(_ word: UInt64) { value = (value ^ word) &* 0x0000_0100_0000_01b3 }
}
