import Basics

/// The model `BPE` of tokenizer.json: a word is taken apart into characters, which are merged pair by pair.
struct BytePairEncoding: Sendable {
  let vocabulary: Vocabulary
  private let merges: MergeTable
  private let unknownID: Int?
  private let fusesUnknown: Bool
  private let ignoresMerges: Bool
  private let prefix: [UInt8]
  private let suffix: [UInt8]
  /// The ids of `<0x00>`…`<0xFF>`, nil where the vocabulary has none; empty without `byte_fallback`.
  private let fallbackIDs: [Int?]
  /// The ids of the first characters, which cover the byte alphabet; -1 for none.
  private let characterIDs: [Int32]

  /// - Throws: ``Failure`` naming the field that is missing or wrong.
  init(_ component: Component) throws {
    guard component.type == "BPE" else { throw component.unsupported("model", ["BPE"]) }
    let fields = component.fields
    let location = component.location
    if fields.has("dropout"), try fields.double("dropout", at: location) != 0 {
      throw Failure(
        .badData, at: location.appending(field: "dropout"), "expected null or 0, found a number above 0",
        hint: "dropout makes ids random; set it to null")
    }
    let vocabulary = try Vocabulary(
      fields.object("vocab", at: location), at: location.appending(field: "vocab"))
    func text(_ key: String) throws -> [UInt8] { fields.has(key) ? try component.bytes(key) : [] }
    prefix = try text("continuing_subword_prefix")
    suffix = try text("end_of_word_suffix")
    if fields.has("unk_token") {
      let name = try component.string("unk_token")
      guard let id = vocabulary.id(name) else {
        throw Failure(
          .badData, at: location.appending(field: "unk_token"),
          "the token '\(name.shown)' is not in the vocabulary")
      }
      unknownID = id
    } else {
      unknownID = nil
    }
    fusesUnknown = try component.bool("fuse_unk", default: false)
    ignoresMerges = try component.bool("ignore_merges", default: false)
    fallbackIDs =
      try component.bool("byte_fallback", default: false)
      ? (0..<256).map { vocabulary.id(Self.fallbackName($0)) } : []
    characterIDs = (0..<0x200).map { value -> Int32 in
      var bytes: [UInt8] = []
      append(scalar: UInt32(value), to: &bytes)
      return vocabulary.id(bytes).map { Int32(truncatingIfNeeded: $0) } ?? -1
    }
    merges = try MergeReader(
      vocabulary: vocabulary, prefixLength: prefix.count, location: location.appending(field: "merges")
    ).read(fields.array("merges", at: location))
    self.vocabulary = vocabulary
  }

  private static func fallbackName(_ byte: Int) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x\(byte < 16 ? "0" : "")\(digits)>"
  }

  /// What encoding needs besides the model; one for each thread at a time.
  struct Scratch {
    var cache = WordCache()
    var symbols: [Int32] = []
    var merger = WordMerger()
    /// Whether a character was dropped because it has no token and the model has no unknown token.
    var droppedCharacter = false
  }

  /// Appends the ids of one word (UTF-8).
  func encode(_ word: UnsafeBufferPointer<UInt8>, _ scratch: inout Scratch, into ids: inout [Int]) {
    if word.isEmpty { return }
    if ignoresMerges, let id = vocabulary.id(word) {
      ids.append(id)
      return
    }
    let hash = byteHash(word)
    let isCacheable = word.count <= WordCache.maximumWordLength
    if isCacheable, scratch.cache.append(word, hash: hash, to: &ids) { return }
    scratch.symbols.removeAll(keepingCapacity: true)
    let isComplete = appendSymbols(word, &scratch.symbols)
    scratch.merger.merge(&scratch.symbols, with: merges)
    for symbol in scratch.symbols { ids.append(Int(symbol)) }
    if !isComplete {
      scratch.droppedCharacter = true
    } else if isCacheable {
      scratch.cache.insert(word, hash: hash, scratch.symbols)
    }
  }

  /// The ids of the characters, before merging; false when a character was dropped.
  private func appendSymbols(_ word: UnsafeBufferPointer<UInt8>, _ symbols: inout [Int32]) -> Bool {
    // An unknown token is held back: it may grow, and characters with fallback bytes overtake it in the reference.
    var hasPendingUnknown = false
    var isComplete = true
    let unknown = Int32(truncatingIfNeeded: unknownID ?? -1)
    var index = 0
    while index < word.count {
      let scalar = readScalar(word, at: index, end: word.count)
      let end = index + scalar.length
      defer { index = end }
      if let id = symbol(word, scalar.value, index, end) {
        if hasPendingUnknown {
          symbols.append(unknown)
          hasPendingUnknown = false
        }
        symbols.append(id)
        continue
      }
      if !fallbackIDs.isEmpty, let bytes = fallback(decorated(word, index, end)) {
        symbols += bytes
        continue
      }
      guard unknownID != nil else {
        isComplete = false
        continue
      }
      if hasPendingUnknown, !fusesUnknown { symbols.append(unknown) }
      hasPendingUnknown = true
    }
    if hasPendingUnknown { symbols.append(unknown) }
    return isComplete
  }

  @inline(__always)
  private func symbol(_ word: UnsafeBufferPointer<UInt8>, _ value: UInt32, _ start: Int, _ end: Int) -> Int32? {
    if prefix.isEmpty, suffix.isEmpty {
      if value < 0x200 {
        let id = characterIDs[Int(value)]
        return id >= 0 ? id : nil
      }
      return vocabulary.id(UnsafeBufferPointer(rebasing: word[start..<end])).map { Int32(truncatingIfNeeded: $0) }
    }
    return vocabulary.id(decorated(word, start, end)).map { Int32(truncatingIfNeeded: $0) }
  }

  /// A character with the prefix of those that continue a word and the suffix of the one that ends it.
  private func decorated(_ word: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> [UInt8] {
    (start > 0 ? prefix : []) + word[start..<end] + (end == word.count ? suffix : [])
  }

  private func fallback(_ bytes: [UInt8]) -> [Int32]? {
    var ids: [Int32] = []
    for byte in bytes {
      guard let id = fallbackIDs[Int(byte)] else { return nil }
      ids.append(Int32(truncatingIfNeeded: id))
    }
    return ids
  }
}
