import Basics

extension SuiteResult {
  /// `{suite, settings, metrics: {key: {direction, value[, reason]}}, sets: {name: {rows, metrics, values: [{id, key: …}]}}}`,
  /// and `sample: {name: [rows, rows of the whole set]}` where sets were looked at in part. A value that is not defined is
  /// null, with the reason where there is one to tell.
  public var json: JSONObject {
    var object = JSONObject([
      ("suite", .string(suite)), ("settings", .object(settings)),
      ("metrics", .object(Self.aggregates(metrics, reasons))),
      ("sets", .object(JSONObject(sets.map { ($0.name, .object($0.json)) }))),
    ])
    let parts = sets.compactMap { set in
      totals[set.name].map { (set.name, JSONValue.array([.integer(set.ids.count), .integer($0)])) }
    }
    if !parts.isEmpty { object["sample"] = .object(JSONObject(parts)) }
    return object
  }

  /// Writes ``json``, as a whole or not at all.
  public func write(to path: String) throws {
    try AtomicFile.write(JSONValue.object(json).text(indented: true) + "\n", to: path)
  }

  fileprivate static func aggregates(_ metrics: [MetricValue], _ reasons: [String: String] = [:]) -> JSONObject {
    JSONObject(
      metrics.map { metric in
        var entry = JSONObject([
          ("direction", .string(metric.direction.symbol)), ("value", .number(metric.aggregate)),
        ])
        if let reason = reasons[metric.name] { entry["reason"] = .string(reason) }
        return (metric.key, .object(entry))
      })
  }
}

extension SuiteSet {
  fileprivate var json: JSONObject {
    let values = ids.enumerated().map { index, id in
      var row = JSONObject([("id", .string(id))])
      for metric in metrics where index < metric.perRow.count {
        row[metric.key] = metric.perRow[index].map(JSONValue.number) ?? .null
      }
      return JSONValue.object(row)
    }
    return JSONObject([
      ("rows", .integer(ids.count)), ("metrics", .object(SuiteResult.aggregates(metrics))), ("values", .array(values)),
    ])
  }
}

extension MetricValue {
  /// The name as a JSON key: `ROUGE-L recall` is `rouge_l_recall`, `min-k++ 40%` is `min_k_plus_plus_40`.
  var key: String {
    let words = name.replacing("++", with: " plus plus").lowercased().utf8.split { byte in
      !(byte >= 0x61 && byte <= 0x7A || byte >= 0x30 && byte <= 0x39)
    }
    return words.map { String(Substring($0)) }.joined(separator: "_")
  }
}
