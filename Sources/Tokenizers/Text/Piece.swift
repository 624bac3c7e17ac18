/// A part of the text on its way to the model: a byte range, or a token that is already known.
struct Piece {
  var start: Int
  var end: Int
  /// The id of an added token that was found here; nil for text.
  var tokenID: Int?
  /// Whether the piece begins where the whole text begins.
  var isAtTextStart: Bool
}

/// The text with the boundaries found so far. Ranges refer to ``bytes``; bytes between pieces are dropped.
struct PiecedText {
  var bytes: [UInt8] = []
  var pieces: [Piece] = []
}

/// A part of a piece, as a pattern sees it.
struct Segment: Equatable {
  var start: Int
  var end: Int
  var isMatch: Bool
}
