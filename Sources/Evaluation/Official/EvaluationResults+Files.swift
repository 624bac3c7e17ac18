import Basics

extension EvaluationResults {
  /// The files of rows: `forget_0.csv`, …
  private static func rowsFile(_ set: String, isSample: Bool, hasText: Bool) -> String {
    "\(set)\(isSample ? "_sample" : "")\(hasText ? "_0.csv" : ".jsonl")"
  }

  /// The name of every file that ``write(to:reference:)`` may write.
  public static let fileNames: [String] =
    ["evaluation_results.jsonl", EvaluationSummary.fileName, "mia.json", "mmlu.json"]
    + ["forget", "retain"].flatMap { set in
      [true, false].flatMap { sample in
        [true, false].map { rowsFile(set, isSample: sample, hasText: $0) }
      }
    }

  /// Writes the results into an existing folder: `evaluation_results.jsonl` in the official schema, `evaluation.json`
  /// (figures, sample and settings), the rows (`forget_0.csv` with text, `forget.jsonl` with ids and scores alone),
  /// `mia.json` and `mmlu.json`.
  ///
  /// What is of a sample is marked as one in its file, by a key or by the name (`forget_sample_0.csv`); so are scores when
  /// anything is.
  /// - Parameter reference: of a model that never saw the forget set; its values and the gaps go into `evaluation.json`.
  public func write(to folder: String, reference: EvaluationSummary? = nil) throws {
    var official = try scores().json
    if isSample { official["sample"] = .object(sampleNote) }
    try AtomicFile.write(JSONValue.object(official).text() + "\n", to: "\(folder)/evaluation_results.jsonl")
    try AtomicFile.write(
      JSONValue.object(try summary(reference)).text(indented: true) + "\n", to: "\(folder)/evaluation.json")
    for (name, kind, rows, sources) in [
      ("forget", SampleCount.Kind.forgetRows, forget, forgetRows), ("retain", .retainRows, retain, retainRows),
    ] where !rows.isEmpty {
      let path = "\(folder)/\(Self.rowsFile(name, isSample: isSample(kind), hasText: options.keepsText))"
      if options.keepsText {
        let outputs = zip(rows, sources).map { row, source in
          RowOutput(
            id: row.id, task: row.task, input: source.input, expectedOutput: source.output,
            modelOutput: row.generation ?? "", nll: row.nll)
        }
        try GenerationsFile.write(outputs, includingScores: true, to: path)
      } else {
        try AtomicFile.write(rows.map { JSONValue.object(Self.scoresOnly($0)).text() + "\n" }.joined(), to: path)
      }
    }
    if let membership {
      var object = JSONObject([
        ("member", .array(membership.member.map(JSONValue.number))),
        ("nonmember", .array(membership.nonmember.map(JSONValue.number))),
      ])
      if isSample(.documents) { object["sample"] = .object(sampleNote) }
      try AtomicFile.write(JSONValue.object(object).text() + "\n", to: "\(folder)/mia.json")
    }
    if let mmlu {
      var object = mmlu.json
      if isSample(.questions) { object["sample"] = .object(sampleNote) }
      try AtomicFile.write(JSONValue.object(object).text() + "\n", to: "\(folder)/mmlu.json")
    }
  }

  private func isSample(_ kind: SampleCount.Kind) -> Bool {
    counts.contains { $0.kind == kind && $0.evaluated < $0.total }
  }

  private static func scoresOnly(_ row: EvaluatedRow) -> JSONObject {
    var object = JSONObject([("id", .string(row.id)), ("task", .string(row.task))])
    object["nll"] = row.nll.map(JSONValue.number) ?? .null
    object["rouge_1_recall"] = row.scores.regurgitationRouge1.map(JSONValue.number)
    object["rouge_l_recall"] = row.scores.regurgitation.map(JSONValue.number)
    object["exact_match"] = row.scores.knowledge.map(JSONValue.number)
    return object
  }

  /// ``EvaluationSummary/isComparable(with:)``, before it is written.
  public func isComparable(with reference: EvaluationSummary) -> Bool {
    SampleCount.areComparable(isSample ? sampleNote : nil, reference.sample)
  }

  /// How many of how many were looked at.
  private var sampleNote: JSONObject {
    var note = JSONObject([("seed", .integer(options.seed))])
    for count in counts { note[count.kind.rawValue] = .array([.integer(count.evaluated), .integer(count.total)]) }
    return note
  }

  private func summary(_ reference: EvaluationSummary?) throws -> JSONObject {
    var summary = JSONObject()
    summary["sample"] = isSample ? .object(sampleNote) : .null
    summary["rows"] = ["forget": .integer(forget.count), "retain": .integer(retain.count)]
    summary["max_new_tokens"] = .integer(options.maximumNewTokens)
    if let mmlu { summary["mmlu_shots"] = .integer(mmlu.shots) }
    summary["figures"] = .array(
      try figures().map { figure in
        var object = figure.json
        if let other = reference?.value(figure.group, figure.name) {
          object["reference"] = .number(other)
          object["gap"] = figure.value.map { .number($0 - other) } ?? .null
        }
        return .object(object)
      })
    return summary
  }
}

extension EvaluationResults.Figure {
  var json: JSONObject {
    var object = JSONObject([
      ("group", .string(group)), ("name", .string(name)), ("better", .string(direction.word)),
      ("value", value.map(JSONValue.number) ?? .null),
    ])
    if case .closerIsBetter(let target) = direction { object["target"] = .number(target) }
    return object
  }

  init(_ object: JSONObject, at location: Location) throws {
    let word = try object.string("better", at: location)
    let direction: MetricDirection
    switch word {
    case "higher": direction = .higherIsBetter
    case "lower": direction = .lowerIsBetter
    case "closer": direction = .closerIsBetter(to: try object.double("target", at: location))
    default:
      throw Failure.mismatch(
        at: location.appending(field: "better"), expected: "higher, lower or closer", found: "'\(word.shown)'")
    }
    self.init(
      group: try object.string("group", at: location), name: try object.string("name", at: location),
      direction: direction, value: object["value"]?.doubleValue)
  }
}

extension MetricDirection {
  var word: String {
    switch self {
    case .higherIsBetter: "higher"
    case .lowerIsBetter: "lower"
    case .closerIsBetter: "closer"
    }
  }
}

/// What an evaluation folder says of itself: `evaluation.json` read back.
public struct EvaluationSummary: Sendable, Equatable {
  public var figures: [EvaluationResults.Figure]
  /// `sample` of the file: how many of how many were looked at; nil for a whole evaluation.
  public var sample: JSONObject?

  /// What was looked at only in part.
  public var sampleCounts: [SampleCount] {
    SampleCount.Kind.allCases.compactMap { kind in
      guard let numbers = sample?[kind.rawValue]?.arrayValue?.compactMap(\.intValue), numbers.count == 2,
        numbers[0] < numbers[1]
      else { return nil }
      return SampleCount(kind, numbers[0], of: numbers[1])
    }
  }

  public static let fileName = "evaluation.json"

  /// Whether a reference is of the same rows, documents and questions, so that a gap to it means something.
  public func isComparable(with reference: EvaluationSummary) -> Bool {
    SampleCount.areComparable(sample, reference.sample)
  }

  /// What is said where it is not.
  public static let otherRows =
    "the reference was evaluated on another sample, or as a whole: gaps to it are of different rows"

  public init(folder: String) throws {
    let path = "\(folder)/\(Self.fileName)"
    let location = Location(file: path)
    let object = try JSONFile.object(path)
    sample = object["sample"]?.objectValue
    figures = try object.array("figures", at: location).enumerated().map { index, value in
      let place = location.appending(field: "figures[\(index)]")
      guard let figure = value.objectValue else {
        throw Failure.mismatch(at: place, expected: "an object", found: value.kindName)
      }
      return try EvaluationResults.Figure(figure, at: place)
    }
  }

  /// The value of one figure.
  public func value(_ group: String, _ name: String) -> Double? {
    figures.first { $0.group == group && $0.name == name }?.value
  }
}
