import Foundation
import LanguageModels

/// How likely the labels of a row are to who knows the retain set alone: stock phrases, the frame of a form, the end of a
/// word, a name that the row gave before.
///
/// A model that never saw the forget set says those as well: to forget them damages what is to be kept, and tells that
/// something was there. What is left of a forget row is what it alone can have taught. The estimate is a word model of the
/// classic kind: counts of n-grams, interpolated with shorter ones (Witten and Bell 1991), and with those of the row's own
/// text so far (a cache, Kuhn and De Mori 1990). A context counts once for each row that has it, so that one long row
/// does not outvote the others.
public struct RetainPrior: Sendable {
  /// Tokens before a label that are looked at, at most.
  public let length: Int

  private let vocabulary: Int
  private let counts: ContextCounts
  /// Shorter repetitions within a row are coincidences.
  private static let shortestRepetition = 2

  /// - Parameters:
  ///   - length: 1 or more.
  ///   - vocabulary: of the model; what no row has is one of so many.
  public init(length: Int, retain: [Sample], vocabulary: Int) {
    self.length = max(1, length)
    self.vocabulary = max(1, vocabulary)
    var counts = ContextCounts()
    for sample in retain {
      var row = ContextCounts()
      for position in sample.inputIDs.indices.dropFirst() {
        for context in Context.before(position, of: sample.inputIDs, 0...self.length)
        where row.add(sample.inputIDs[position], after: context) == 1 {
          counts.add(sample.inputIDs[position], after: context)
        }
      }
    }
    self.counts = counts
  }

  /// The probability of each label that a loss is taken on, in their order; above 0 and below 1.
  public func probabilities(of sample: Sample) -> [Double] {
    let ids = sample.inputIDs
    var own = ContextCounts()
    var result: [Double] = []
    for position in ids.indices.dropFirst() {
      let contexts = Context.before(position, of: ids, 0...length)
      let repeated = contexts.dropFirst(Self.shortestRepetition)
      if sample.labels[position] != Sample.ignoredLabel {
        let known = counts.probability(of: ids[position], after: contexts, start: 1 / Double(vocabulary))
        result.append(own.probability(of: ids[position], after: repeated, start: known))
      }
      for context in repeated { own.add(ids[position], after: context) }
    }
    return result
  }

  /// Mean −log probability of the labels, nats a token; 0 without labels.
  public func surprise(of sample: Sample) -> Double { Self.surprise(of: probabilities(of: sample)) }

  static func surprise(of probabilities: [Double]) -> Double {
    -probabilities.reduce(0) { $0 + log($1) } / Double(max(1, probabilities.count))
  }
}

/// The hash of some tokens in order (FNV-1a over their number and ids). Two that were equal by accident would change the
/// estimate of one label.
private struct Context: Hashable {
  private var hash: UInt64

  init(count: Int) { hash = (0xCBF2_9CE4_8422_2325 ^ UInt64(truncatingIfNeeded: -count)) &* 0x100_0000_01B3 }

  func followed(by id: Int) -> Context {
    var context = self
    context.hash = (hash ^ UInt64(truncatingIfNeeded: id)) &* 0x100_0000_01B3
    return context
  }

  /// The contexts of these lengths that there are, the shortest first.
  static func before(_ position: Int, of ids: [Int], _ lengths: ClosedRange<Int>) -> [Context] {
    lengths.clamped(to: 0...position).map { count in
      ids[(position - count)..<position].reduce(Context(count: count)) { $0.followed(by: $1) }
    }
  }
}

private struct ContextCounts {
  private var continuations: [Context: Int] = [:]
  /// Of each context: what was counted after it, and of how many kinds.
  private var followed: [Context: (total: Int, kinds: Int)] = [:]

  /// How often `id` was counted after the context, this time included.
  @discardableResult mutating func add(_ id: Int, after context: Context) -> Int {
    let count = continuations[context.followed(by: id), default: 0] + 1
    continuations[context.followed(by: id)] = count
    var known = followed[context] ?? (0, 0)
    known.total += 1
    if count == 1 { known.kinds += 1 }
    followed[context] = known
    return count
  }

  /// Witten and Bell's interpolation: (count + kinds · p(shorter)) / (total + kinds), from the shortest context on.
  func probability(of id: Int, after contexts: some Sequence<Context>, start: Double) -> Double {
    contexts.reduce(start) { shorter, context in
      guard let known = followed[context] else { return shorter }
      let count = Double(continuations[context.followed(by: id)] ?? 0)
      return (count + Double(known.kinds) * shorter) / Double(known.total + known.kinds)
    }
  }
}
