extension String {
  /// The text with each of these scalars replaced. To Swift `"` and a combining accent are one character that is no `"`;
  /// to whoever reads CSV, Markdown or HTML the `"` stands there.
  public func replacingScalars(_ replacements: [Unicode.Scalar: String]) -> String {
    var result = UnicodeScalarView()
    for scalar in unicodeScalars {
      if let replacement = replacements[scalar] {
        result.append(contentsOf: replacement.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}
