import Basics
import Foundation

/// A JSON file that lies next to tokenizer.json.
struct FolderFile {
  let object: JSONObject
  let location: Location

  /// Nil where the file is not there.
  init?(_ name: String, in folder: String) throws {
    let path = (folder as NSString).appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    location = Location(file: path)
    guard let object = try JSONParser.parse(file: path).objectValue else {
      throw Failure.mismatch(at: location, expected: "an object", found: "something else")
    }
    self.object = object
  }

  /// The files that name tokens by their texts, in the order in which they count.
  static func namingTokens(in folder: String) throws -> [FolderFile] {
    try ["tokenizer_config.json", "special_tokens_map.json"].compactMap { try FolderFile($0, in: folder) }
  }

  /// A token is written as a string, or as an object with its `content`.
  static func content(_ value: JSONValue) -> String? {
    value.stringValue ?? value.objectValue?["content"]?.stringValue
  }
}
