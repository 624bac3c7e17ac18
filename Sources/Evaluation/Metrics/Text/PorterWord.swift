/// A word on its way through ``PorterStemmer``: letters as Unicode scalar values, and the shapes that its rules ask for.
///
/// A consonant is any letter but a, e, i, o, u, and a y that does not follow a consonant. `end` is how many letters
/// from the front are looked at, so that a rule can ask about what would be left without a suffix.
struct PorterWord {
  private(set) var letters: [UInt32]

  init(_ text: String) { letters = text.unicodeScalars.map(\.value) }

  var count: Int { letters.count }
  var text: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: letters.compactMap(Unicode.Scalar.init))
    return String(view)
  }

  /// The letter `distance` from the back (1 is the last), or nil.
  func letter(fromEnd distance: Int) -> UInt32? { distance <= count ? letters[count - distance] : nil }

  func hasSuffix(_ suffix: StaticString) -> Bool {
    let length = suffix.utf8CodeUnitCount
    guard length <= count else { return false }
    return suffix.withUTF8Buffer { bytes in
      letters[(count - length)...].elementsEqual(bytes) { $0 == UInt32($1) }
    }
  }

  mutating func removeLast(_ length: Int) { letters.removeLast(min(length, count)) }

  mutating func append(_ ending: StaticString) {
    ending.withUTF8Buffer { bytes in letters += bytes.map(UInt32.init) }
  }

  mutating func append(_ letter: UInt32) { letters.append(letter) }

  mutating func replaceSuffix(_ length: Int, with ending: StaticString) {
    removeLast(length)
    append(ending)
  }

  /// Calls `body` with whether each of the first `end` letters is a consonant.
  private func forEachConsonantFlag(end: Int, _ body: (Bool) -> Void) {
    var previous = false
    for letter in letters.prefix(end) {
      let isConsonant: Bool =
        switch letter {
        case 0x61, 0x65, 0x69, 0x6F, 0x75: false
        case 0x79: !previous
        default: true
        }
      body(isConsonant)
      previous = isConsonant
    }
  }

  /// Porter's m: how often a vowel is followed by a consonant.
  func measure(end: Int) -> Int {
    var result = 0
    var previous = true
    forEachConsonantFlag(end: end) { flag in
      if flag, !previous { result += 1 }
      previous = flag
    }
    return result
  }

  /// Porter's *v*.
  func containsVowel(end: Int) -> Bool {
    var result = false
    forEachConsonantFlag(end: end) { if !$0 { result = true } }
    return result
  }

  func isConsonant(at index: Int) -> Bool {
    var result = false
    forEachConsonantFlag(end: index + 1) { result = $0 }
    return result
  }

  /// Porter's *d.
  var endsInDoubleConsonant: Bool {
    count >= 2 && letters[count - 1] == letters[count - 2] && isConsonant(at: count - 1)
  }

  /// Porter's *o: consonant, vowel, consonant other than w, x and y. The NLTK rule set also takes a whole word of vowel
  /// and consonant.
  func endsInShortSyllable(end: Int) -> Bool {
    if end == 2 { return !isConsonant(at: 0) && isConsonant(at: 1) }
    guard end >= 3, end <= count else { return false }
    let last = letters[end - 1]
    return isConsonant(at: end - 3) && !isConsonant(at: end - 2) && isConsonant(at: end - 1)
      && last != 0x77 && last != 0x78 && last != 0x79
  }
}
