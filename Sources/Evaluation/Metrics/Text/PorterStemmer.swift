/// Porter's suffix stripper (Program 14.3, 1980) with the changes that NLTK's `PorterStemmer` makes by default, which
/// is the stemmer of `rouge_score`: a table of irregular words, `-ies` and `-ied` of four-letter words, `y` to `i` only
/// after a consonant that is not the first letter, `-alli` before the other rules of step 2, `-fulli` and `-logi`.
public struct PorterStemmer: Sendable {
  public init() {}

  /// The stem of a word, in lower case.
  public func stem(_ word: String) -> String {
    let lower = PythonText.lowercased(word)
    if let irregular = Self.irregularForms[lower] { return irregular }
    guard word.unicodeScalars.count > 2 else { return lower }
    var letters = PorterWord(lower)
    removePlural(&letters)
    removePast(&letters)
    replaceFinalY(&letters)
    shortenDoubleSuffix(&letters)
    Self.apply(Self.step3, to: &letters) { word, end in word.measure(end: end) > 0 }
    removeSuffix(&letters)
    removeFinalE(&letters)
    if letters.hasSuffix("ll"), letters.measure(end: letters.count - 1) > 1 { letters.removeLast(1) }
    return letters.text
  }

  private static let irregularForms = [
    "sky": "sky", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "news": "news",
    "innings": "inning", "inning": "inning", "outings": "outing", "outing": "outing", "cannings": "canning",
    "canning": "canning", "howe": "howe", "proceed": "proceed", "exceed": "exceed", "succeed": "succeed",
  ]

  private typealias Rule = (suffix: StaticString, ending: StaticString)

  private static let step2: [Rule] = [
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"),
    ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"),
    ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
    ("iviti", "ive"), ("biliti", "ble"), ("fulli", "ful"),
  ]
  private static let step3: [Rule] = [
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
  ]
  private static let step4: [Rule] = [
    ("al", ""), ("ance", ""), ("ence", ""), ("er", ""), ("ic", ""), ("able", ""), ("ible", ""), ("ant", ""),
    ("ement", ""), ("ment", ""), ("ent", ""), ("ion", ""), ("ou", ""), ("ism", ""), ("ate", ""), ("iti", ""),
    ("ous", ""), ("ive", ""), ("ize", ""),
  ]

  /// The first rule whose suffix fits decides alone: it is applied where `condition` holds for what is left, and no
  /// later rule is tried.
  /// - Returns: whether a suffix fitted.
  @discardableResult
  private static func apply(
    _ rules: [Rule], to word: inout PorterWord, where condition: (PorterWord, Int) -> Bool
  ) -> Bool {
    guard let rule = rules.first(where: { word.hasSuffix($0.suffix) }) else { return false }
    let length = rule.suffix.utf8CodeUnitCount
    if condition(word, word.count - length) { word.replaceSuffix(length, with: rule.ending) }
    return true
  }

  /// Step 1a: -sses, -ies, -s.
  private func removePlural(_ word: inout PorterWord) {
    if word.hasSuffix("ies") {
      word.removeLast(word.count == 4 ? 1 : 2)
    } else if word.hasSuffix("sses") {
      word.removeLast(2)
    } else if word.hasSuffix("s"), !word.hasSuffix("ss") {
      word.removeLast(1)
    }
  }

  /// Step 1b: -ied, -eed, -ed, -ing, and the repair of what is left.
  private func removePast(_ word: inout PorterWord) {
    if word.hasSuffix("ied") {
      word.removeLast(word.count == 4 ? 1 : 2)
    } else if word.hasSuffix("eed") {
      if word.measure(end: word.count - 3) > 0 { word.removeLast(1) }
    } else if word.hasSuffix("ed"), word.containsVowel(end: word.count - 2) {
      word.removeLast(2)
      repairStem(&word)
    } else if word.hasSuffix("ing"), word.containsVowel(end: word.count - 3) {
      word.removeLast(3)
      repairStem(&word)
    }
  }

  private func repairStem(_ word: inout PorterWord) {
    if word.hasSuffix("at") || word.hasSuffix("bl") || word.hasSuffix("iz") {
      word.append("e")
    } else if word.endsInDoubleConsonant {
      if !word.hasSuffix("l"), !word.hasSuffix("s"), !word.hasSuffix("z") { word.removeLast(1) }
    } else if word.hasSuffix("*d") {
      // The published rule table writes "ends in a double consonant" as "*d", and its reader also takes the two
      // characters at their word.
      word.replaceSuffix(2, with: "d")
    } else if word.measure(end: word.count) == 1, word.endsInShortSyllable(end: word.count) {
      word.append("e")
    }
  }

  /// Step 1c.
  private func replaceFinalY(_ word: inout PorterWord) {
    guard word.hasSuffix("y"), word.count > 2, word.isConsonant(at: word.count - 2) else { return }
    word.replaceSuffix(1, with: "i")
  }

  /// Step 2.
  private func shortenDoubleSuffix(_ word: inout PorterWord) {
    while word.hasSuffix("alli"), word.measure(end: word.count - 4) > 0 { word.removeLast(2) }
    if Self.apply(Self.step2, to: &word, where: { word, end in word.measure(end: end) > 0 }) { return }
    // The l belongs to the stem here, so that "geologi" counts as long as "archaeologi" does.
    if word.hasSuffix("logi"), word.measure(end: word.count - 3) > 0 { word.removeLast(1) }
  }

  /// Step 4.
  private func removeSuffix(_ word: inout PorterWord) {
    let needsSOrT = word.hasSuffix("ion")
    Self.apply(Self.step4, to: &word) { word, end in
      guard word.measure(end: end) > 1 else { return false }
      guard needsSOrT else { return true }
      let letter = word.letter(fromEnd: 4)
      return letter == 0x73 || letter == 0x74
    }
  }

  /// Step 5a.
  private func removeFinalE(_ word: inout PorterWord) {
    guard word.hasSuffix("e") else { return }
    let end = word.count - 1
    let measure = word.measure(end: end)
    if measure > 1 || measure == 1 && !word.endsInShortSyllable(end: end) { word.removeLast(1) }
  }
}
