import Basics
import Foundation

/// What `generation_config.json` says of greedy decoding.
public struct GenerationSettings: Sendable {
  /// Ids that end a row. As in transformers, config.json counts only where there is no generation_config.json.
  let endOfTextIDs: [Int]?
  /// Settings that would change what transformers generates, and that this program does not apply.
  public let ignored: [String]
  private let path: String

  /// - Throws: ``Failure`` naming the field.
  init(folder: String) throws {
    path = "\(folder)/generation_config.json"
    guard FileManager.default.fileExists(atPath: path) else {
      (endOfTextIDs, ignored) = (nil, [])
      return
    }
    let location = Location(file: path)
    let object = try JSONParser.parse(file: path).objectValue ?? JSONObject()
    endOfTextIDs = try ConfigurationReader.tokenIDs(object["eos_token_id"], location, "eos_token_id")
    ignored = Self.neutral.filter { name, neutral in
      guard let value = object[name], value != .null else { return false }
      if let number = value.doubleValue { return number != neutral }
      return value.arrayValue.map { !$0.isEmpty } ?? true
    }.map(\.name)
  }

  /// Settings that greedy decoding heeds, and the value at which they do nothing.
  private static let neutral: [(name: String, value: Double)] = [
    ("repetition_penalty", 1), ("encoder_repetition_penalty", 1), ("no_repeat_ngram_size", 0), ("min_length", 0),
    ("min_new_tokens", 0), ("num_beams", 1), ("bad_words_ids", 0), ("suppress_tokens", 0),
    ("begin_suppress_tokens", 0), ("forced_bos_token_id", -1), ("forced_eos_token_id", -1), ("sequence_bias", 0),
    ("exponential_decay_length_penalty", 0), ("guidance_scale", 1),
  ]

  /// Says which settings are not applied, if there are any.
  public func warn(_ progress: any ProgressObserver) {
    guard !ignored.isEmpty else { return }
    progress.log(
      .warning, "\(path): \(ignored.joined(separator: ", ")) not applied: each next token is the most likely one")
  }
}
