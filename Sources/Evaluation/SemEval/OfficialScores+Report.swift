import Basics

extension OfficialScores {
  /// `evaluation_results.jsonl`: the object on one line, with its line end.
  public var jsonText: String { JSONValue.object(json).text() + "\n" }

  /// The official object. An undefined mean is null, where the official script writes NaN, which is not JSON. Without
  /// MIA or MMLU their keys are absent and `aggregate-score` is −1.
  public var json: JSONObject {
    var result = JSONObject()
    result["forget-set"] = .object(Self.json(forget))
    result["retain-set"] = .object(Self.json(retain))
    if let membershipAUC { result["mia_loss_acc"] = .number(membershipAUC) }
    if let mmluAverage { result["mmlu_average"] = .number(mmluAverage) }
    result["aggregated-terms"] = .array(aggregatedTerms.map { .number($0) })
    result["aggregate-score"] = finalScore.map { .number($0) } ?? .integer(-1)
    result["harmonic-mean-task-aggregate"] = .number(taskAggregate)
    if let membershipScore { result["mia_final_score"] = .number(membershipScore) }
    if isSample { result["sample"] = .bool(true) }
    return result
  }

  private static func json(_ split: SplitScores) -> JSONObject {
    var result = JSONObject([
      ("overall-regurgitation-score", .number(split.overall.regurgitation)),
      ("overall-knowledge-score", .number(split.overall.knowledge)),
    ])
    for task in split.tasks {
      result[task.name] = [
        "regurgitation-score": .number(task.scores.regurgitation), "knowledge-score": .number(task.scores.knowledge),
      ]
    }
    return result
  }

  /// ``metrics`` as `{name: {better, value, rows}}`; rows are in the order of the files, null where a score does not apply.
  /// `sample` is true beside them where the rows are some of more.
  public var metricsJSON: JSONObject {
    var result = JSONObject(
      metrics.map { metric in
        func number(_ value: Double?) -> JSONValue { value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null }
        var object = JSONObject([("better", .string(metric.direction.word)), ("value", number(metric.aggregate))])
        if case .closerIsBetter(let target) = metric.direction { object["target"] = .number(target) }
        if !metric.perRow.isEmpty { object["rows"] = .array(metric.perRow.map(number)) }
        return (metric.name, .object(object))
      })
    if isSample { result["sample"] = .bool(true) }
    return result
  }

  /// Every score with its direction; those of a split also row by row.
  public var metrics: [MetricValue] {
    func split(_ name: String, _ direction: MetricDirection, _ scores: SplitScores) -> [MetricValue] {
      [
        MetricValue(
          name: "\(name) regurgitation", direction: direction, aggregate: scores.overall.regurgitation,
          perRow: scores.rows.map(\.regurgitation)),
        MetricValue(
          name: "\(name) knowledge", direction: direction, aggregate: scores.overall.knowledge,
          perRow: scores.rows.map(\.knowledge)),
      ]
    }
    var result = split("forget", .lowerIsBetter, forget) + split("retain", .higherIsBetter, retain)
    func add(_ name: String, _ value: Double?, _ direction: MetricDirection = .higherIsBetter) {
      if let value { result.append(MetricValue(name: name, direction: direction, aggregate: value)) }
    }
    add("task aggregate", taskAggregate)
    add("MIA AUC", membershipAUC, .closerIsBetter(to: 0.5))
    add("MIA score", membershipScore)
    add("MMLU", mmluAverage)
    add("final score", finalScore)
    return result
  }
}
