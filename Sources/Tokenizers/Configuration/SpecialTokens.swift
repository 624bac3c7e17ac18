import Basics

/// The ids of the tokens that begin, end and pad a text, from the files next to tokenizer.json.
struct SpecialTokens: Sendable {
  var bos: Int?
  var eos: Int?
  var pad: Int?

  init() {}

  /// Reads the files that name tokens, then generation_config.json and config.json of the folder; the first that names a
  /// token counts. A file that is not there is skipped, and so is a token that the tokenizer does not have, unless it is
  /// the one that ends a text and no file gives an id for it.
  init(_ naming: [FolderFile], folder: String, idForToken: (String) -> Int?) throws {
    var missingEnd: Failure?
    for file in naming {
      for (key, path) in Self.paths where self[keyPath: path] == nil {
        guard let text = file.object[key + "_token"].flatMap(FolderFile.content) else { continue }
        self[keyPath: path] = idForToken(text)
        if key == "eos", eos == nil {
          missingEnd = Failure(
            .badData, at: file.location.appending(field: key + "_token"),
            "the token '\(text.shown)' is not in tokenizer.json")
        }
      }
    }
    for name in ["generation_config.json", "config.json"] {
      guard let file = try FolderFile(name, in: folder) else { continue }
      for (key, path) in Self.paths where self[keyPath: path] == nil {
        let field = key + "_token_id"
        guard let value = file.object[field], value != .null else { continue }
        let id = value.arrayValue?.first ?? value
        // Early Llama checkpoints write −1 for "no such token".
        if let number = id.intValue, number < 0 { continue }
        self[keyPath: path] = try Vocabulary.checkedID(id, at: file.location.appending(field: field))
      }
    }
    if eos == nil, let missingEnd { throw missingEnd }
  }

  private static var paths: [(String, WritableKeyPath<SpecialTokens, Int?>)] {
    [("bos", \.bos), ("eos", \.eos), ("pad", \.pad)]
  }
}
