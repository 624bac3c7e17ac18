import Foundation

/// The composing half of NFC and NFKC (Unicode Standard, section 3.11).
///
/// Foundation decomposes as it should, but its composition leaves a Hangul syllable and a following final consonant
/// apart, and joins a vowel that is outside the modern range.
enum CanonicalComposition {
  /// Composes decomposed text whose marks are in canonical order.
  static func composed(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(scalars.count)
    var starter: Int?
    var lastClass: UInt8 = 0
    for scalar in scalars {
      let combiningClass = scalar.value < 0x300 ? 0 : scalar.properties.canonicalCombiningClass.rawValue
      if let index = starter {
        // Blocked by a mark of the same or a higher class, or by a starter in between.
        let isAdjacent = index == result.count - 1
        if isAdjacent || (lastClass < combiningClass && lastClass != 0),
          let composite = composite(result[index], scalar)
        {
          result[index] = composite
          continue
        }
      }
      if combiningClass == 0 { starter = result.count }
      lastClass = combiningClass
      result.append(scalar)
    }
    return result
  }

  /// The character that two others compose to, or nil.
  private static func composite(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
    let left = first.value
    let right = second.value
    if left >= 0x1100, left < 0x1113, right >= 0x1161, right < 0x1176 {
      return Unicode.Scalar(0xAC00 + ((left - 0x1100) * 21 + (right - 0x1161)) * 28)
    }
    if left >= 0xAC00, left <= 0xD7A3, (left - 0xAC00) % 28 == 0, right > 0x11A7, right < 0x11C3 {
      return Unicode.Scalar(left + right - 0x11A7)
    }
    return pairs[UInt64(left) << 32 | UInt64(right)]
  }

  /// All pairs that compose, derived from the characters that decompose and that composition keeps.
  private static let pairs: [UInt64: Unicode.Scalar] = {
    var decompositions: [(composite: Unicode.Scalar, parts: [Unicode.Scalar])] = []
    var composites: [[Unicode.Scalar]: Unicode.Scalar] = [:]
    // No character outside these blocks composes from others in Unicode 9.
    for value in [UInt32](0xC0...0x30FF) + [UInt32](0x11000...0x11FFF) {
      guard let scalar = Unicode.Scalar(value), CharacterClasses.exists(scalar, in: 9) else { continue }
      let text = String(Character(scalar))
      let parts = Array(text.decomposedStringWithCanonicalMapping.unicodeScalars)
      guard parts.count > 1, Array(text.precomposedStringWithCanonicalMapping.unicodeScalars) == [scalar] else {
        continue
      }
      decompositions.append((scalar, parts))
      composites[parts] = scalar
    }
    var pairs: [UInt64: Unicode.Scalar] = [:]
    for (composite, parts) in decompositions {
      guard let last = parts.last else { continue }
      let head = Array(parts.dropLast())
      guard let first = head.count == 1 ? head.first : composites[head] else { continue }
      pairs[UInt64(first.value) << 32 | UInt64(last.value)] = composite
    }
    return pairs
  }()
}
