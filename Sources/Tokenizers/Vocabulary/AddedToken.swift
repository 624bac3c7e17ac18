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
  var isSpecial: Bool
}

extension AddedToken {
  /// An entry of `added_tokens` of tokenizer.json.
  init(_ value: JSONValue, at location: Location) throws {
    guard let object = value.objectValue else {
      throw Failure.mismatch(at: location, expected: "an object", found: value.kindName)
    }
    self.init(
      content: try object.string("content", at: location),
      isSingleWord: try object.bool("single_word", at: location), stripsLeft: try object.bool("lstrip", at: location),
      stripsRight: try object.bool("rstrip", at: location), isNormalized: try object.bool("normalized", at: location),
      isSpecial: try object.bool("special", at: location))
    _ = try Vocabulary.checkedID(try object.value("id", at: location), at: location.appending(field: "id"))
  }

  /// A token of tokenizer_config.json, which may leave its flags out.
  init(configured object: JSONObject, at location: Location) throws {
    func flag(_ name: String, default value: Bool) throws -> Bool {
      object.has(name) ? try object.bool(name, at: location) : value
    }
    let isSpecial = try flag("special", default: false)
    self.init(
      content: try object.string("content", at: location), isSingleWord: try flag("single_word", default: false),
      stripsLeft: try flag("lstrip", default: false), stripsRight: try flag("rstrip", default: false),
      isNormalized: try flag("normalized", default: !isSpecial), isSpecial: isSpecial)
  }

  /// A special token that is known by its text alone.
  init(special content: String) {
    self.init(
      content: content, isSingleWord: false, stripsLeft: false, stripsRight: false, isNormalized: false, isSpecial: true
    )
  }
}
