/// The 256 printable characters that byte-level vocabularies write bytes with: a byte that is a printable Latin-1
/// character stands for itself, the others follow from U+0100 on (a space is `Ġ`).
public enum ByteLevelAlphabet {
  /// The character of each byte.
  public static let scalars: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (0...255).compactMap { (byte: UInt32) in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte)
      default:
        defer { next += 1 }
        return Unicode.Scalar(next)
      }
    }
  }()
}
