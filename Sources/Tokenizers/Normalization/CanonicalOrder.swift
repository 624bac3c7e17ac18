/// The order of combining marks in decomposed text (Unicode Standard, section 3.11).
///
/// Foundation orders marks by the class of the character that they come from, so a few Tibetan vowels and half-width
/// kana marks, which are starters that decompose to marks, leave their neighbours out of order.
enum CanonicalOrder {
  /// Sorts every run of marks by combining class; equal classes keep their order.
  static func ordered(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let classes = scalars.map { $0.value < 0x300 ? 0 : $0.properties.canonicalCombiningClass.rawValue }
    var result = scalars
    var index = 0
    while index < scalars.count {
      let start = index
      var isSorted = true
      while index < scalars.count, classes[index] > 0 {
        if index > start, classes[index - 1] > classes[index] { isSorted = false }
        index += 1
      }
      if !isSorted {
        let order = (start..<index).sorted { (classes[$0], $0) < (classes[$1], $1) }
        result.replaceSubrange(start..<index, with: order.map { scalars[$0] })
      }
      index += 1
    }
    return result
  }
}
