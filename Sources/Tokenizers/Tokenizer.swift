import Basics
import Foundation

/// A Hugging Face tokenizer (`tokenizer.json` with a BPE model): text to token ids and back, with the ids that the
/// Python library `tokenizers` gives.
///
/// The parts of the file are dispatched on their `type`. The settings `truncation` and `padding` are not applied:
/// callers cut and pad batches themselves. Safe to use from several threads at once.
public final class Tokenizer: Sendable {
  private let normalizer: Normalizer?
  private let preTokenizer: PreTokenizer?
  private let model: BytePairEncoding
  private let postProcessor: PostProcessor?
  private let decoder: TokenDecoder?
  private let added: AddedVocabulary
  private let special: SpecialTokens
  private let pool = ScratchPool()

  /// The largest id plus one, added tokens and those of the post-processor included: the least number of rows of an
  /// embedding.
  public let vocabularySize: Int
  /// The token that ends a text, from the files next to tokenizer.json.
  public var eosTokenID: Int? { special.eos }
  /// The token that begins a text.
  public var bosTokenID: Int? { special.bos }
  /// The token that fills up short rows of a batch.
  public var padTokenID: Int? { special.pad }

  /// Reads `tokenizer.json` of a folder, further added tokens from tokenizer_config.json and special_tokens_map.json, and
  /// the ids of the special tokens from these, generation_config.json and config.json where they are there.
  /// - Throws: ``Failure`` naming file, line or field.
  public convenience init(folder: String) throws {
    let path = (folder as NSString).appendingPathComponent("tokenizer.json")
    guard Folder.exists(folder) else {
      throw Failure(.missingInput, at: Location(file: folder), "no such folder", hint: "give the model's folder")
    }
    try self.init(path: path, folder: folder)
  }

  /// Reads a tokenizer.json alone: ``eosTokenID``, ``bosTokenID`` and ``padTokenID`` are nil.
  /// - Throws: ``Failure`` naming file, line or field.
  public convenience init(tokenizerJSON path: String) throws { try self.init(path: path, folder: nil) }

  private init(path: String, folder: String?) throws {
    let location = Location(file: path)
    let document = try JSONParser.parse(file: path)
    guard let object = document.objectValue else {
      throw Failure.mismatch(at: location, expected: "an object", found: document.kindName)
    }
    func component<Part>(_ key: String, _ make: (Component) throws -> Part) throws -> Part? {
      guard object.has(key) else { return nil }
      return try make(Component(try object.value(key, at: location), at: location.appending(field: key)))
    }
    let normalizer = try component("normalizer", Normalizer.init)
    self.normalizer = normalizer
    preTokenizer = try component("pre_tokenizer", PreTokenizer.init)
    postProcessor = try component("post_processor", PostProcessor.init)
    decoder = try component("decoder", TokenDecoder.init)
    let model = try BytePairEncoding(
      Component(try object.value("model", at: location), at: location.appending(field: "model")))
    self.model = model
    let naming = try folder.map(FolderFile.namingTokens) ?? []
    let added = try AddedVocabulary(
      object.has("added_tokens") ? try object.array("added_tokens", at: location) : [],
      configured: ConfiguredTokens(naming), vocabulary: model.vocabulary,
      normalizer: normalizer, at: location.appending(field: "added_tokens"))
    self.added = added
    vocabularySize = max(model.vocabulary.largestID, added.largestID, postProcessor?.largestID ?? 0) + 1
    special =
      try folder.map {
        try SpecialTokens(naming, folder: $0) { added.id(Array($0.utf8)) ?? model.vocabulary.id($0) }
      } ?? SpecialTokens()
  }

  /// The id of a token's text as the file writes it (`Ġthe`), or nil.
  public func idForToken(_ token: String) -> Int? { added.id(Array(token.utf8)) ?? model.vocabulary.id(token) }

  /// A token's text as the file writes it, or nil.
  public func tokenForID(_ id: Int) -> String? {
    added.tokens[id]?.content ?? model.vocabulary.token(id).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The ids of a text.
  ///
  /// A character for which the model has no token, when it has no unknown token either, is left out, as the reference
  /// does; ``encodeStrictly(_:addSpecialTokens:)`` throws instead.
  /// - Parameter addSpecialTokens: whether the post-processor puts its special tokens around the ids.
  public func encode(_ text: String, addSpecialTokens: Bool = true) -> [Int] {
    encoded(text, addSpecialTokens).ids
  }

  /// The ids of a text, like ``encode(_:addSpecialTokens:)``.
  /// - Throws: ``Failure`` when a character has no token and the model no unknown token. It does not quote the text.
  public func encodeStrictly(_ text: String, addSpecialTokens: Bool = true) throws -> [Int] {
    let result = encoded(text, addSpecialTokens)
    guard result.isComplete else {
      throw Failure(
        .badData, "the text has a character that is not in the vocabulary, and the tokenizer has no unknown token")
    }
    return result.ids
  }

  private func encoded(_ text: String, _ addSpecialTokens: Bool) -> (ids: [Int], isComplete: Bool) {
    var pieces = piecesWithAddedTokens(text)
    preTokenizer?.apply(&pieces)
    return pool.withScratch { scratch in
      var ids: [Int] = []
      ids.reserveCapacity(pieces.pieces.count + pieces.pieces.count / 4 + 4)
      pieces.bytes.withUnsafeBufferPointer { bytes in
        for piece in pieces.pieces {
          if let id = piece.tokenID {
            ids.append(id)
          } else {
            model.encode(UnsafeBufferPointer(rebasing: bytes[piece.start..<piece.end]), &scratch, into: &ids)
          }
        }
      }
      let result = postProcessor?.apply(ids, addSpecialTokens: addSpecialTokens) ?? ids
      return (result, !scratch.droppedCharacter)
    }
  }

  /// Finds the added tokens: those that are not normalised in the text as it is, then the others in what the
  /// normalizer makes of the stretches between.
  private func piecesWithAddedTokens(_ text: String) -> PiecedText {
    var result = PiecedText()
    let bytes = Array(text.utf8)
    bytes.withUnsafeBufferPointer { buffer in
      added.find(in: buffer, normalized: false) { part in
        switch part {
        case .token(let id): result.pieces.append(Piece(start: 0, end: 0, tokenID: id, isAtTextStart: false))
        case .text(let range):
          var stretch = Array(buffer[range])
          var start = range.lowerBound == 0 ? 1 : 0
          normalizer?.apply(&stretch, start: &start)
          appendNormalized(stretch, start > 0, to: &result)
        }
      }
    }
    return result
  }

  private func appendNormalized(_ stretch: [UInt8], _ keepsStart: Bool, to result: inout PiecedText) {
    let offset = result.bytes.count
    result.bytes += stretch
    stretch.withUnsafeBufferPointer { buffer in
      added.find(in: buffer, normalized: true) { part in
        switch part {
        case .token(let id): result.pieces.append(Piece(start: 0, end: 0, tokenID: id, isAtTextStart: false))
        case .text(let range):
          result.pieces.append(
            Piece(
              start: offset + range.lowerBound, end: offset + range.upperBound,
              isAtTextStart: keepsStart && range.lowerBound == 0))
        }
      }
    }
  }

  /// The text of some ids; ids that are not in the vocabulary are left out. Bytes that are not UTF-8 become U+FFFD.
  /// - Parameters:
  ///   - skipSpecialTokens: whether special tokens are left out.
  ///   - cleanUpTokenizationSpaces: whether spaces before punctuation and contractions are taken out afterwards.
  public func decode(_ ids: [Int], skipSpecialTokens: Bool, cleanUpTokenizationSpaces: Bool) -> String {
    var tokens: [[UInt8]] = []
    tokens.reserveCapacity(ids.count)
    for id in ids {
      guard let token = added.decodedForm(id) ?? model.vocabulary.token(id).map(Array.init) else { continue }
      if skipSpecialTokens, added.isSpecial(token) { continue }
      tokens.append(token)
    }
    let parts = decoder?.decode(tokens)
    let bytes = parts.map { Array($0.joined()) } ?? Array(tokens.joined(separator: [UInt8(ascii: " ")]))
    let text = cleanUpTokenizationSpaces ? TextCleanUp.tokenizationSpaces.apply(bytes) : bytes
    return String(decoding: text, as: UTF8.self)
  }

  /// The clean-up of the Hugging Face libraries (`clean_up_tokenization_spaces=True`): no space before `.`, `?`, `!`,
  /// `,`, nor before `n't`, `'m`, `'s`, `'ve`, `'re`, and none around a lone `'`.
  public static func cleanUpTokenizationSpaces(_ text: String) -> String {
    String(decoding: TextCleanUp.tokenizationSpaces.apply(Array(text.utf8)), as: UTF8.self)
  }
}
