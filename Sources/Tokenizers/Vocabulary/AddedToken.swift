import Basics

/// An entry of `added_tokens`: a token that is found in the text before the model sees it.
struct AddedToken: Sendable {
  let content: String
  /// Matches only where no word character touches it.
  let isSingleWord: Bool
  /// Swallows the whitespace before it.
  let stripsLeft: Bool
  /// Swallows the whitespace after it.
  let stripsRight: Bool
  /// Is looked for, in its own normalised form, in the normalised text.
  let isNormalized: Bool
  /// Is left out when decoding without special tokens.
  let isSpecial: Bool

  init(_ value: JSONValue, at location: Location) throws {
    guard let object = value.objectValue else {
      throw Failure.mismatch(at: location, expected: "an object", found: value.kindName)
    }
    content = try object.string("content", at: location)
    isSingleWord = try object.bool("single_word", at: location)
    stripsLeft = try object.bool("lstrip", at: location)
    stripsRight = try object.bool("rstrip", at: location)
    isNormalized = try object.bool("normalized", at: location)
    isSpecial = try object.bool("special", at: location)
    _ = try Vocabulary.checkedID(try object.value("id", at: location), at: location.appending(field: "id"))
  }
}
