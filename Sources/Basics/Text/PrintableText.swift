extension String {
  /// The text with `�` for each control character, so that it can neither break lines nor drive a terminal.
  public var printable: String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    var view = UnicodeScalarView()
    for scalar in unicodeScalars { view.append(scalar.isControl ? "\u{FFFD}" : scalar) }
    return String(view)
  }

  /// A name from a file, for messages: printable, and cut where it is long.
  public var shown: String {
    let limit = 120
    let start = String(UnicodeScalarView(unicodeScalars.prefix(limit))).printable
    return unicodeScalars.count > limit ? "\(start)…" : start
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { properties.generalCategory == .control }
}
