import Basics
import Checkpoints
import Foundation
import Tokenizers
import Torch

/// A model folder in memory: architecture, tokenizer and decoder.
public final class LanguageModel {
  public let folder: String
  public let tokenizer: Tokenizer
  public let decoder: Decoder
  /// The element type of the folder's weights, whatever dtype they are computed in.
  public let storedType: ElementType
  /// Ids that end a generated row: those of `generation_config.json`; without the file `config.json`'s, else the
  /// tokenizer's EOS.
  public let endOfTextIDs: [Int]
  public let generation: GenerationSettings

  public var architecture: Architecture { decoder.architecture }

  private init(
    folder: String, tokenizer: Tokenizer, decoder: Decoder, storedType: ElementType, endOfTextIDs: [Int],
    generation: GenerationSettings
  ) {
    self.folder = folder
    self.generation = generation
    self.tokenizer = tokenizer
    self.decoder = decoder
    self.storedType = storedType
    self.endOfTextIDs = endOfTextIDs
  }

  /// Opens a Hugging Face folder. Weights stay mapped where `dtype` is the stored one, and are converted otherwise.
  /// - Parameters:
  ///   - dtype: asked for when all is checked: whether a machine has bfloat16 in hardware, LibTorch must be loaded to say.
  ///   - writable: copy weights that would stay mapped, so that full fine-tuning may change them.
  /// - Throws: ``Failure`` naming the file and field or tensor; everything is checked before anything large is allocated.
  ///   LibTorch may still be loading then: a program that ends at once ends by `_exit` (``Runtime/preload()``).
  public static func load(
    _ folder: String, dtype: @autoclosure () throws -> DType, writable: Bool = false
  ) throws -> LanguageModel {
    try Folder.require(folder)
    var architecture = try Architecture.read(configuration: "\(folder)/config.json")
    let checkpoint = try Checkpoint(folder: folder)
    if architecture.tiesHead, try WeightLoader.hasHeadOfItsOwn(checkpoint) { architecture.tiesHead = false }
    let entries = try WeightLoader.check(checkpoint, architecture)
    // Both take longer than all else here.
    Runtime.preload()
    let tokenizer = try Tokenizer(folder: folder)
    guard tokenizer.vocabularySize <= architecture.vocabularySize else {
      throw Failure(
        .badData, at: Location(file: "\(folder)/tokenizer.json"),
        "the tokenizer has ids up to \(tokenizer.vocabularySize - 1), but the model's vocabulary has "
          + "\(architecture.vocabularySize) entries",
        hint: "tokenizer.json and model.safetensors are from different models")
    }
    let generation = try GenerationSettings(folder: folder)
    let configured = architecture.endOfTextIDs
    let ends = generation.endOfTextIDs ?? (configured.isEmpty ? tokenizer.eosTokenID.map { [$0] } ?? [] : configured)
    for end in ends + [tokenizer.eosTokenID].compactMap({ $0 }) where !(0..<architecture.vocabularySize).contains(end) {
      throw Failure(
        .badData, at: Location(file: folder, field: "eos_token_id"),
        "expected an id below \(architecture.vocabularySize), the model's vocabulary; found \(end)",
        hint: "correct it in generation_config.json, config.json or the tokenizer's files")
    }
    let parameters = try WeightLoader.load(entries, from: checkpoint, dtype: dtype(), writable: writable)
    let stored = entries.first?.elementType ?? .float32
    return LanguageModel(
      folder: folder, tokenizer: tokenizer, decoder: try Decoder(architecture, parameters), storedType: stored,
      endOfTextIDs: ends, generation: generation)
  }

  /// Family, sizes and dtypes on one line, for a log.
  public var summary: String {
    let model = architecture
    return
      "\(folder): \(model.family), \(model.layerCount) layers of width \(model.hiddenSize), \(model.headCount) heads "
      + "(\(model.keyHeadCount) of keys), \(model.vocabularySize) tokens, stored \(storedType.rawValue), "
      + "computed in \(decoder.dtype) by \(Runtime.threads) threads"
  }

  /// The id that ends a training row, when the tokenizer has one.
  public var endOfTextID: Int? { tokenizer.eosTokenID ?? endOfTextIDs.first }
}
