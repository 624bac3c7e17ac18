/// The tokens that `rouge_score` 0.1.2 compares: lower case, runs of other characters than a–z and 0–9 as separators,
/// and words longer than three letters stemmed where asked.
public struct RougeTokenizer: Sendable {
  public var usesStemmer: Bool
  private let stemmer = PorterStemmer()

  public init(usesStemmer: Bool) { self.usesStemmer = usesStemmer }

  public func tokens(_ text: String) -> [String] {
    var result: [String] = []
    var word: [UInt8] = []
    func finish() {
      guard !word.isEmpty else { return }
      let token = String(decoding: word, as: UTF8.self)
      word.removeAll(keepingCapacity: true)
      let stem = usesStemmer && token.utf8.count > 3 ? stemmer.stem(token) : token
      if !stem.isEmpty { result.append(stem) }
    }
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x61...0x7A, 0x30...0x39: word.append(UInt8(scalar.value))
      case 0x41...0x5A: word.append(UInt8(scalar.value) + 0x20)
      // Besides A–Z, two characters have lower case in a–z: the Kelvin sign, and the dotted capital I, whose dot then
      // stands alone and separates.
      case 0x212A: word.append(0x6B)
      case 0x0130:
        word.append(0x69)
        finish()
      default: finish()
      }
    }
    finish()
    return result
  }
}
