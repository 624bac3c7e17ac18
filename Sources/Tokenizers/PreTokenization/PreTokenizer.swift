import Basics

/// The `pre_tokenizer` of tokenizer.json: how normalised text is cut into the pieces that the model sees one by one.
indirect enum PreTokenizer: Sendable {
  case byteLevel(addsPrefixSpace: Bool, scans: Bool)
  case split(TextPattern, SplitBehavior, inverted: Bool)
  case digits(individual: Bool)
  case whitespace
  case whitespaceSplit
  case punctuation(SplitBehavior)
  case metaspace(Metaspace)
  case sequence([PreTokenizer])

  private static let supported = [
    "ByteLevel", "Split", "Digits", "Whitespace", "WhitespaceSplit", "Punctuation", "Metaspace", "Sequence",
  ]

  /// - Throws: ``Failure`` naming an unknown `type` and the supported ones, or a field that is wrong.
  init(_ component: Component) throws {
    switch component.type {
    case "ByteLevel":
      self = .byteLevel(
        addsPrefixSpace: try component.bool("add_prefix_space"), scans: try component.bool("use_regex", default: true))
    case "Split":
      self = .split(
        try component.pattern(), try SplitBehavior(component), inverted: try component.bool("invert", default: false))
    case "Digits": self = .digits(individual: try component.bool("individual_digits"))
    case "Whitespace": self = .whitespace
    case "WhitespaceSplit": self = .whitespaceSplit
    case "Punctuation": self = .punctuation(try SplitBehavior(component, default: .isolated))
    case "Metaspace": self = .metaspace(try Metaspace(component))
    case "Sequence": self = .sequence(try component.parts("pretokenizers").map(PreTokenizer.init))
    default: throw component.unsupported("pre-tokenizer", Self.supported)
    }
  }

  /// Cuts every text piece; tokens that are known already stay as they are.
  func apply(_ text: inout PiecedText) {
    switch self {
    case .byteLevel(let addsPrefixSpace, let scans):
      Self.rewrite(&text) { piece, bytes, output in
        Self.byteLevel(piece, bytes, addsPrefixSpace, scans, into: &output)
      }
    case .metaspace(let metaspace):
      Self.rewrite(&text) { piece, bytes, output in metaspace.apply(piece, of: bytes, into: &output) }
    case .split(let pattern, let behavior, let inverted):
      Self.cut(&text) { bytes, start, end in
        var segments = pattern.segments(bytes, start, end)
        if inverted { for index in segments.indices { segments[index].isMatch.toggle() } }
        return behavior.ranges(segments)
      }
    case .digits(let individual):
      Self.cut(&text, individual ? .isolated : .contiguous, CharacterClasses.isNumeric)
    case .whitespaceSplit: Self.cut(&text, .removed, CharacterClasses.isWhitespace)
    case .punctuation(let behavior): Self.cut(&text, behavior, CharacterClasses.isPunctuation)
    case .whitespace: Self.cut(&text, Self.wordRanges)
    case .sequence(let parts): for part in parts { part.apply(&text) }
    }
  }

  private static func byteLevel(
    _ piece: Piece, _ bytes: UnsafeBufferPointer<UInt8>, _ addsPrefixSpace: Bool, _ scans: Bool,
    into output: inout PiecedText
  ) {
    guard addsPrefixSpace, piece.start < piece.end, bytes[piece.start] != UInt8(ascii: " ") else {
      return byteLevel(piece, bytes, scans, into: &output)
    }
    let prefixed = [UInt8(ascii: " ")] + bytes[piece.start..<piece.end]
    prefixed.withUnsafeBufferPointer {
      byteLevel(
        Piece(start: 0, end: $0.count, isAtTextStart: piece.isAtTextStart), $0, scans, into: &output)
    }
  }

  private static func byteLevel(
    _ piece: Piece, _ bytes: UnsafeBufferPointer<UInt8>, _ scans: Bool, into output: inout PiecedText
  ) {
    var start = piece.start
    func add(_ end: Int, _ output: inout PiecedText) {
      let first = output.bytes.count
      ByteAlphabet.encode(bytes, start, end, into: &output.bytes)
      let isAtTextStart = piece.isAtTextStart && start == piece.start
      output.pieces.append(Piece(start: first, end: output.bytes.count, isAtTextStart: isAtTextStart))
      start = end
    }
    if scans {
      WordScanner.words.scan(bytes, piece.start, piece.end) { add($0, &output) }
    } else {
      add(piece.end, &output)
    }
  }

  /// `\w+|[^\w\s]+`: runs of word characters and runs of anything else but spaces.
  private static func wordRanges(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var runStart = start
    var runKind = 0  // 0 space, 1 word, 2 other
    var index = start
    while index < end {
      let scalar = readScalar(bytes, at: index, end: end)
      let character = Unicode.Scalar(scalar.value) ?? "\u{FFFD}"
      let kind = CharacterClasses.isWord(character) ? 1 : CharacterClasses.isWhitespace(character) ? 0 : 2
      if kind != runKind {
        if runKind != 0 { ranges.append(runStart..<index) }
        runStart = index
        runKind = kind
      }
      index += scalar.length
    }
    if runKind != 0 { ranges.append(runStart..<end) }
    return ranges
  }

  /// Replaces the bytes of all pieces.
  private static func rewrite(
    _ text: inout PiecedText, _ body: (Piece, UnsafeBufferPointer<UInt8>, inout PiecedText) -> Void
  ) {
    var output = PiecedText()
    output.bytes.reserveCapacity(text.bytes.count + text.bytes.count / 2)
    output.pieces.reserveCapacity(text.pieces.count + text.bytes.count / 4)
    text.bytes.withUnsafeBufferPointer { bytes in
      for piece in text.pieces {
        if piece.tokenID != nil { output.pieces.append(piece) } else { body(piece, bytes, &output) }
      }
    }
    text = output
  }

  /// Cuts pieces without changing their bytes.
  private static func cut(
    _ text: inout PiecedText, _ ranges: (UnsafeBufferPointer<UInt8>, Int, Int) -> [Range<Int>]
  ) {
    var pieces: [Piece] = []
    pieces.reserveCapacity(text.pieces.count * 2)
    text.bytes.withUnsafeBufferPointer { bytes in
      for piece in text.pieces {
        guard piece.tokenID == nil else {
          pieces.append(piece)
          continue
        }
        for range in ranges(bytes, piece.start, piece.end) where !range.isEmpty {
          let isAtTextStart = piece.isAtTextStart && range.lowerBound == piece.start
          pieces.append(Piece(start: range.lowerBound, end: range.upperBound, isAtTextStart: isAtTextStart))
        }
      }
    }
    text.pieces = pieces
  }

  /// Cuts with a class of characters; each such character is a match of its own.
  private static func cut(
    _ text: inout PiecedText, _ behavior: SplitBehavior, _ matches: (Unicode.Scalar) -> Bool
  ) {
    cut(&text) { bytes, start, end in
      var segments: [Segment] = []
      var previous = start
      var index = start
      while index < end {
        let scalar = readScalar(bytes, at: index, end: end)
        if let character = Unicode.Scalar(scalar.value), matches(character) {
          if previous < index { segments.append(Segment(start: previous, end: index, isMatch: false)) }
          segments.append(Segment(start: index, end: index + scalar.length, isMatch: true))
          previous = index + scalar.length
        }
        index += scalar.length
      }
      if previous < end { segments.append(Segment(start: previous, end: end, isMatch: false)) }
      return behavior.ranges(segments)
    }
  }
}
