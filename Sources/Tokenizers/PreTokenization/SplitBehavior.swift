import Basics

/// What `Split` and `Punctuation` do with the matches of their pattern (`behavior`).
enum SplitBehavior: String, Sendable, CaseIterable {
  case removed = "Removed"
  case isolated = "Isolated"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  case contiguous = "Contiguous"

  /// The field `behavior` of a component; `defaultValue` when it may be missing.
  init(_ component: Component, default defaultValue: SplitBehavior? = nil) throws {
    if let defaultValue, !component.fields.has("behavior") {
      self = defaultValue
      return
    }
    let name = try component.string("behavior")
    guard let behavior = SplitBehavior(rawValue: name) else {
      throw Failure.mismatch(
        at: component.location.appending(field: "behavior"),
        expected: "one of \(Self.allCases.map(\.rawValue).joined(separator: ", "))", found: "'\(name.shown)'")
    }
    self = behavior
  }

  /// The ranges that remain, in order.
  func ranges(_ segments: [Segment]) -> [Range<Int>] {
    switch self {
    case .removed: return segments.filter { !$0.isMatch }.map { $0.start..<$0.end }
    case .isolated: return segments.map { $0.start..<$0.end }
    case .contiguous: return Self.joined(segments) { current, previous in current == previous }
    case .mergedWithPrevious: return Self.joined(segments) { current, previous in current && !previous }
    case .mergedWithNext:
      var result: [Range<Int>] = []
      var previous = false
      for segment in segments.reversed() {
        if segment.isMatch, !previous, let last = result.popLast() {
          result.append(segment.start..<last.upperBound)
        } else {
          result.append(segment.start..<segment.end)
        }
        previous = segment.isMatch
      }
      return result.reversed()
    }
  }

  /// Extends the last range when `joins(isMatch, previousIsMatch)`; the text counts as preceded by a non-match.
  private static func joined(_ segments: [Segment], _ joins: (Bool, Bool) -> Bool) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var previous = false
    for segment in segments {
      if joins(segment.isMatch, previous), let last = result.popLast() {
        result.append(last.lowerBound..<segment.end)
      } else {
        result.append(segment.start..<segment.end)
      }
      previous = segment.isMatch
    }
    return result
  }
}
