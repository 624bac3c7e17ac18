import Basics

/// The tokens that tokenizer_config.json and special_tokens_map.json name. As in transformers, those that tokenizer.json
/// does not list are found in text too, and the special ones are left out when decoding without special tokens.
struct ConfiguredTokens: Sendable {
  /// `added_tokens_decoder`, in the order of its ids.
  private(set) var added: [AddedToken] = []
  /// `bos_token`, `eos_token`, … and the additional special tokens.
  private(set) var special: [String] = []

  /// - Throws: ``Failure`` naming file and field.
  init(_ naming: [FolderFile]) throws {
    for file in naming {
      let object = file.object
      added += try Self.decoderTokens(object, file.location)
      for key in ["bos", "eos", "unk", "pad", "sep", "cls", "mask"] {
        special += object["\(key)_token"].flatMap(FolderFile.content).map { [$0] } ?? []
      }
      for key in ["additional_special_tokens", "extra_special_tokens"] {
        let values = object[key]?.arrayValue ?? object[key]?.objectValue?.entries.map(\.value) ?? []
        special += values.compactMap(FolderFile.content)
      }
    }
  }

  private static func decoderTokens(_ object: JSONObject, _ location: Location) throws -> [AddedToken] {
    let field = "added_tokens_decoder"
    guard let entries = object[field]?.objectValue?.entries else { return [] }
    let tokens = try entries.map { entry in
      let place = location.appending(field: "\(field).\(entry.key.prefix(20))")
      guard let id = Int(entry.key), let token = entry.value.objectValue else {
        throw Failure.mismatch(at: place, expected: "an id and an object", found: entry.value.kindName)
      }
      return (id: id, token: try AddedToken(configured: token, at: place))
    }
    return tokens.sorted { $0.id < $1.id }.map(\.token)
  }
}
