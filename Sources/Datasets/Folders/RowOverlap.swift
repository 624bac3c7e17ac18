import Basics

/// A row of the retain set that is also in the forget set.
public struct RowOverlap: Sendable, Equatable {
  public enum Reason: String, Sendable {
    /// Both rows have this id, which a file gave.
    case id
    /// Both rows have the same input and output.
    case text
  }

  public var forgetID: String
  public var retainID: String
  /// The row's place in the retain set, from 0.
  public var retainIndex: Int
  public var reason: Reason

  public init(forgetID: String, retainID: String, retainIndex: Int, reason: Reason) {
    self.forgetID = forgetID
    self.retainID = retainID
    self.retainIndex = retainIndex
    self.reason = reason
  }

  /// The overlap of two sets, in the order of `retain`: first equal texts, else equal ids. Ids that are mere row
  /// numbers say nothing and are not compared.
  public static func find(forget: [Row], retain: [Row]) -> [RowOverlap] {
    var byText: [String: Row] = [:]
    var byID: [ExactText: Row] = [:]
    for row in forget {
      byText[digest(row)] = row
      if !row.hasGeneratedID { byID[ExactText(row.id)] = row }
    }
    return retain.enumerated().compactMap { index, row in
      func overlap(_ twin: Row, _ reason: Reason) -> RowOverlap {
        RowOverlap(forgetID: twin.id, retainID: row.id, retainIndex: index, reason: reason)
      }
      if let twin = byText[digest(row)] { return overlap(twin, .text) }
      guard !row.hasGeneratedID, let twin = byID[ExactText(row.id)] else { return nil }
      return overlap(twin, .id)
    }
  }

  /// A hash of input and output; the length of the input keeps the boundary between them.
  private static func digest(_ row: Row) -> String {
    var hash = SHA256()
    hash.update("\(row.input.utf8.count):")
    hash.update(row.input)
    hash.update(row.output)
    return hash.hexDigest()
  }
}
