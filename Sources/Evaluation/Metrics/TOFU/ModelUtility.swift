/// ↑ TOFU's model utility: the harmonic mean of three scores on each of three sets that the model should still know.
public struct ModelUtility: Sendable, Equatable {
  /// The three scores of one set, each in 0…1.
  public struct Scores: Sendable, Equatable {
    public var probability: Double
    public var rouge: Double
    /// ``TruthRatio/utilityAggregate(_:)``.
    public var truthRatio: Double

    public init(probability: Double, rouge: Double, truthRatio: Double) {
      self.probability = probability
      self.rouge = rouge
      self.truthRatio = truthRatio
    }
  }

  public var retain: Scores
  public var realAuthors: Scores
  public var worldFacts: Scores

  public init(retain: Scores, realAuthors: Scores, worldFacts: Scores) {
    self.retain = retain
    self.realAuthors = realAuthors
    self.worldFacts = worldFacts
  }

  /// 0 as soon as one of the nine is 0; not a number when one is missing.
  public var value: Double {
    HarmonicMean.of([retain, realAuthors, worldFacts].flatMap { [$0.probability, $0.rouge, $0.truthRatio] })
  }
}
