/// Results of the challenge, for comparison: SemEval-2025 Task 4, arXiv 2504.02883 and the systems' own papers.
public struct PublishedScores: Sendable, Equatable {
  public let system: String
  /// Parameters of the model, `7B` or `1B`.
  public let model: String
  public let final: Double
  public let task: Double
  public let membership: Double
  public let mmlu: Double

  private init(_ system: String, _ model: String, _ final: Double, _ task: Double, _ membership: Double, _ mmlu: Double)
  {
    self.system = system
    self.model = model
    self.final = final
    self.task = task
    self.membership = membership
    self.mmlu = mmlu
  }

  public static let all = [
    PublishedScores("AILS-NTUA", "7B", 0.706, 0.827, 0.847, 0.443),
    PublishedScores("ZJUKLAB", "7B", 0.487, 0.944, 0.048, 0.471),
    PublishedScores("YNU", "7B", 0.470, 0.834, 0.139, 0.436),
    PublishedScores("JU-CSE-NLP (NGDiff, AutoLR)", "7B", 0.165, 0, 0, 0.495),
    PublishedScores("gradient ascent (organisers)", "7B", 0.394, 0, 0.912, 0.269),
    PublishedScores("gradient difference (organisers)", "7B", 0.243, 0, 0.382, 0.348),
    PublishedScores("KL minimisation (organisers)", "7B", 0.395, 0, 0.916, 0.269),
    PublishedScores("NPO (organisers)", "7B", 0.188, 0.021, 0.080, 0.463),
    PublishedScores("AILS-NTUA", "1B", 0.688, 0.964, 0.857, 0.242),
    PublishedScores("SHA256", "1B", 0.652, 0.973, 0.741, 0.243),
    PublishedScores("Atyaephyra", "1B", 0.586, 0.887, 0.622, 0.248),
    PublishedScores("JU-CSE-NLP (NGDiff, AutoLR)", "1B", 0.397, 0, 0.929, 0.261),
  ]

  /// The four official figures under the names of ``EvaluationResults/figures()``.
  public var figures: [EvaluationResults.Figure] {
    [
      ("task aggregate", task), ("MIA score", membership), ("MMLU", mmlu), ("final score", final),
    ].map { EvaluationResults.Figure(group: "scores", name: $0, direction: .higherIsBetter, value: $1) }
  }
}
