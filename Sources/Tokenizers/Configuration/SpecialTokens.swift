import Basics
import Foundation

/// The ids of the tokens that begin, end and pad a text, from the files next to tokenizer.json.
struct SpecialTokens: Sendable {
  var bos: Int?
  var eos: Int?
  var pad: Int?

  init() {}

  /// Reads tokenizer_config.json, special_tokens_map.json, generation_config.json and config.json, in this order; the
  /// first that names a token counts. A file that is not there is skipped, and so is a token that the tokenizer does not
  /// have, unless it is the one that ends a text and no file gives an id for it.
  init(folder: String, idForToken: (String) -> Int?) throws {
    var missingEnd: Failure?
    for name in ["tokenizer_config.json", "special_tokens_map.json"] {
      guard let object = try Self.object(folder, name) else { continue }
      for (key, path) in Self.paths where self[keyPath: path] == nil {
        guard let text = object.value[key + "_token"].flatMap(Self.content) else { continue }
        self[keyPath: path] = idForToken(text)
        if key == "eos", eos == nil {
          missingEnd = Failure(
            .badData, at: object.location.appending(field: key + "_token"),
            "the token '\(text.prefix(80))' is not in tokenizer.json")
        }
      }
    }
    for name in ["generation_config.json", "config.json"] {
      guard let object = try Self.object(folder, name) else { continue }
      for (key, path) in Self.paths where self[keyPath: path] == nil {
        let field = key + "_token_id"
        guard let value = object.value[field], value != .null else { continue }
        self[keyPath: path] = try Vocabulary.checkedID(
          value.arrayValue?.first ?? value, at: object.location.appending(field: field))
      }
    }
    if eos == nil, let missingEnd { throw missingEnd }
  }

  private static var paths: [(String, WritableKeyPath<SpecialTokens, Int?>)] {
    [("bos", \.bos), ("eos", \.eos), ("pad", \.pad)]
  }

  /// A token is written as a string, or as an object with its `content`.
  static func content(_ value: JSONValue) -> String? {
    value.stringValue ?? value.objectValue?["content"]?.stringValue
  }

  static func object(_ folder: String, _ name: String) throws -> (value: JSONObject, location: Location)? {
    let path = (folder as NSString).appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let location = Location(file: path)
    guard let object = try JSONParser.parse(file: path).objectValue else {
      throw Failure.mismatch(at: location, expected: "an object", found: "something else")
    }
    return (object, location)
  }
}
