import Foundation

/// The four Unicode normalisation forms, with the character data of Unicode 9 that the reference uses.
enum UnicodeNormalization: Sendable {
  case canonicalComposition, canonicalDecomposition, compatibilityComposition, compatibilityDecomposition

  /// The text in this form. Only the stretches that can change are handed to Foundation.
  func normalized(_ bytes: [UInt8]) -> [UInt8] {
    guard let first = bytes.firstIndex(where: { $0 >= (self == .canonicalComposition ? 0xCC : 0x80) }) else {
      return bytes
    }
    return bytes.withUnsafeBufferPointer { buffer in
      var result: [UInt8] = []
      result.reserveCapacity(bytes.count + bytes.count / 8)
      // Text up to the character before the first one that may change is copied as it is.
      var index = max(first - 4, 0)
      while index > 0, buffer[index] & 0xC0 == 0x80 { index -= 1 }
      result += buffer[..<index]
      var boundary = index  // start of the last character that nothing before it can change
      while index < buffer.count {
        let scalar = readScalar(buffer, at: index, end: buffer.count)
        if isInert(scalar.value) {
          result += buffer[boundary..<index]
          boundary = index
          index += scalar.length
          continue
        }
        while index < buffer.count {
          let next = readScalar(buffer, at: index, end: buffer.count)
          if isInert(next.value) { break }
          index += next.length
        }
        normalize(buffer[boundary..<index], into: &result)
        boundary = index
      }
      result += buffer[boundary..<index]
      return result
    }
  }

  /// Characters that keep their form whatever stands before them, so that text can be cut in front of them.
  private func isInert(_ value: UInt32) -> Bool {
    guard self == .canonicalComposition else { return value < 0x80 }
    switch value {
    case ..<0x300, 0x400...0x482, 0x48A...0x52F, 0x2010...0x2027, 0x3001...0x3029, 0x3041...0x3096, 0x30A1...0x30FA,
      0x3400...0x4DBF, 0x4E00...0x9FCC, 0xAC00...0xD7A3:
      return true
    default: return false
    }
  }

  /// A stretch, cut at the characters that Unicode 9 did not have: the reference treats them as unassigned.
  private func normalize(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, into result: inout [UInt8]) {
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes), as: UTF8.self)
    var known = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar.isASCII || CharacterClasses.exists(scalar, in: 9) {
        known.append(scalar)
      } else {
        result += normalized(String(known)).utf8
        known = String.UnicodeScalarView()
        append(scalar: scalar.value, to: &result)
      }
    }
    result += normalized(String(known)).utf8
  }

  private func normalized(_ text: String) -> String {
    switch self {
    case .canonicalComposition: Self.text(CanonicalComposition.composed(CanonicalOrder.ordered(canonical(text))))
    case .canonicalDecomposition: Self.text(CanonicalOrder.ordered(canonical(text)))
    case .compatibilityComposition: Self.text(CanonicalComposition.composed(CanonicalOrder.ordered(compatible(text))))
    case .compatibilityDecomposition: Self.text(CanonicalOrder.ordered(compatible(text)))
    }
  }

  private func canonical(_ text: String) -> [Unicode.Scalar] {
    Array(text.decomposedStringWithCanonicalMapping.unicodeScalars)
  }

  private func compatible(_ text: String) -> [Unicode.Scalar] {
    Array(text.decomposedStringWithCompatibilityMapping.unicodeScalars)
  }

  private static func text(_ scalars: [Unicode.Scalar]) -> String {
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    return String(result)
  }
}
