import Basics

/// What a membership evaluation depends on beside model and documents.
public struct MembershipOptions: Sendable, Equatable {
  /// Shares of the least likely tokens that min-k and min-k++ average, each in 0…1.
  public var fractions: [Double]
  /// Scores the loss for each byte of the compressed text; needs the system's zlib.
  public var includesCompression: Bool
  /// Scores the gradient's norm too: one backward pass a document, and memory for one gradient.
  public var includesGradientNorm: Bool
  /// Longer documents are cut at the right; nil takes them whole, as the official evaluation does.
  public var maximumLength: Int?
  /// Documents of each side to look at, the first ones; nil takes all.
  public var rowLimit: Int?
  /// Tokens packed into one pass.
  public var tokensPerPass: Int

  public init(
    fractions: [Double] = [0.2, 0.4], includesCompression: Bool = true, includesGradientNorm: Bool = false,
    maximumLength: Int? = nil, rowLimit: Int? = nil, tokensPerPass: Int = 2048
  ) {
    self.fractions = fractions
    self.includesCompression = includesCompression
    self.includesGradientNorm = includesGradientNorm
    self.maximumLength = maximumLength
    self.rowLimit = rowLimit
    self.tokensPerPass = tokensPerPass
  }

  var settings: JSONObject {
    JSONObject([
      ("fractions", .array(fractions.map(JSONValue.number))),
      ("max_length", maximumLength.map(JSONValue.integer) ?? .null),
      ("row_limit", rowLimit.map(JSONValue.integer) ?? .null),
    ])
  }

  func check() throws {
    for fraction in fractions where !(fraction > 0 && fraction <= 1) {
      throw Failure(
        .usage, at: Location(field: "fractions"), "expected numbers above 0 and up to 1, found \(fraction)")
    }
    if let rowLimit, rowLimit < 1 {
      throw Failure(.usage, at: Location(field: "row limit"), "expected at least 1, found \(rowLimit)")
    }
    if let maximumLength, maximumLength < 2 {
      throw Failure(
        .usage, at: Location(field: "maximum length"), "expected at least 2 tokens, found \(maximumLength)")
    }
  }
}
