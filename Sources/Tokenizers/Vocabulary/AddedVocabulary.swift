import Basics

/// The added tokens of a tokenizer: their ids, and finding them in text.
struct AddedVocabulary: Sendable {
  private(set) var tokens: [Int: AddedToken] = [:]
  /// Ids by the content's bytes.
  private var ids: [[UInt8]: Int] = [:]
  /// What a token decodes to when normalisation changed it.
  private var normalizedForms: [Int: [UInt8]] = [:]
  private var specialContents: Set<[UInt8]> = []
  private var rawTrie = TokenTrie()
  private var normalizedTrie = TokenTrie()

  /// The largest id, or -1.
  var largestID: Int { tokens.keys.max() ?? -1 }

  /// Reads `added_tokens`. As in the reference, a token takes the id that the model's vocabulary has for it, else the
  /// next free one; the file's `id` only has to be an id.
  /// - Parameter configured: the tokens that other files name. A special one that neither `added_tokens` nor the
  ///   vocabulary has is passed over: the model has no embedding for it.
  init(
    _ values: [JSONValue], configured: ConfiguredTokens, vocabulary: Vocabulary, normalizer: Normalizer?,
    at location: Location
  ) throws {
    let listed = try values.enumerated().map { index, value in
      var place = location
      place.field = "\(location.field ?? "added_tokens")[\(index)]"
      return try AddedToken(value, at: place)
    }
    let known = Set((listed + configured.added).map(\.content))
    let others = configured.special.filter { !known.contains($0) && vocabulary.id($0) != nil }
    let special = Set(configured.special)
    var nextID = vocabulary.count
    for var token in listed + configured.added + others.map(AddedToken.init(special:)) {
      if special.contains(token.content) { token.isSpecial = true }
      let content = Array(token.content.utf8)
      guard !content.isEmpty else { continue }
      let id: Int
      if let known = ids[content] ?? vocabulary.id(content) {
        id = known
      } else {
        id = nextID
        nextID += 1
      }
      ids[content] = id
      tokens[id] = token
      if token.isSpecial { specialContents.insert(content) }
      normalizedForms[id] = nil
      if token.isNormalized, let normalizer {
        var form = content
        var start = 1
        normalizer.apply(&form, start: &start)
        if form != content { normalizedForms[id] = form }
      }
    }
    for (id, token) in tokens.sorted(by: { $0.key < $1.key }) {
      if token.isNormalized {
        normalizedTrie.insert(normalizedForms[id] ?? Array(token.content.utf8), id: id)
      } else {
        rawTrie.insert(Array(token.content.utf8), id: id)
      }
    }
  }

  func id(_ content: [UInt8]) -> Int? { ids[content] }

  /// The text of an added token for decoding, or nil.
  func decodedForm(_ id: Int) -> [UInt8]? {
    normalizedForms[id] ?? tokens[id].map { Array($0.content.utf8) }
  }

  /// Whether a token with this text is left out when decoding without special tokens.
  func isSpecial(_ text: [UInt8]) -> Bool { specialContents.contains(text) }

  /// What ``find(in:normalized:_:)`` finds: a stretch of text, or a token.
  enum Part {
    case text(Range<Int>)
    case token(Int)
  }

  /// Cuts a text at the tokens in it, from left to right, the longest first.
  /// - Parameter normalized: whether to look for the tokens that match in normalised text, or for the others.
  func find(in bytes: UnsafeBufferPointer<UInt8>, normalized: Bool, _ body: (Part) -> Void) {
    let trie = normalized ? normalizedTrie : rawTrie
    var textStart = 0
    var position = 0
    while !trie.isEmpty, let match = trie.firstMatch(bytes, from: position) {
      position = match.end
      guard let token = tokens[match.id] else { continue }
      if token.isSingleWord, Self.touchesWord(bytes, match.start, match.end) { continue }
      var start = match.start
      var end = match.end
      if token.stripsLeft { start = max(Self.spacesStart(bytes, before: start), textStart) }
      if token.stripsRight { end = Self.spacesEnd(bytes, from: end) }
      if textStart < start { body(.text(textStart..<start)) }
      // Nothing is left of whitespace that the token before it swallowed.
      if start < end { body(.token(match.id)) }
      textStart = end
    }
    if textStart < bytes.count { body(.text(textStart..<bytes.count)) }
  }

  private static func touchesWord(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    if start > 0, let scalar = Unicode.Scalar(readScalar(bytes, before: start, start: 0).value),
      CharacterClasses.isWord(scalar)
    {
      return true
    }
    if end < bytes.count, let scalar = Unicode.Scalar(readScalar(bytes, at: end, end: bytes.count).value) {
      return CharacterClasses.isWord(scalar)
    }
    return false
  }

  private static func spacesStart(_ bytes: UnsafeBufferPointer<UInt8>, before end: Int) -> Int {
    var index = end
    while index > 0 {
      let scalar = readScalar(bytes, before: index, start: 0)
      guard CharacterClasses.kind(scalar.value) == .space else { break }
      index -= scalar.length
    }
    return index
  }

  private static func spacesEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    while index < bytes.count {
      let scalar = readScalar(bytes, at: index, end: bytes.count)
      guard CharacterClasses.kind(scalar.value) == .space else { break }
      index += scalar.length
    }
    return index
  }
}
