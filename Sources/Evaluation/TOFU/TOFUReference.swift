import Basics

/// The truth ratios of a model that was trained on the retain set alone: what forget quality compares with.
///
/// Read from the JSON that an earlier evaluation of that model wrote, or from the log that OpenUnlearning publishes for
/// its retain models (`TOFU_EVAL.json`).
public struct TOFUReference: Sendable, Equatable {
  public var path: String
  /// One a row of the forget set.
  public var truthRatios: [Double]
  /// The settings of that evaluation; empty where the log has none.
  public var settings: JSONObject

  /// - Throws: ``Failure`` naming file and field.
  public static func read(_ path: String) throws -> TOFUReference {
    let object = try JSONFile.object(path)
    let location = Location(file: path)
    if object.has("suite") { return try own(object, path, location) }
    if object.has("forget_truth_ratio") { return try openUnlearning(object, path, location) }
    throw Failure(
      .badData, at: location, "expected the result of a TOFU evaluation, found something else",
      hint: "give the JSON that an evaluation of the retain model wrote, or OpenUnlearning's TOFU_EVAL.json")
  }

  private static func own(_ object: JSONObject, _ path: String, _ location: Location) throws -> TOFUReference {
    let suite = try object.string("suite", at: location)
    guard suite == "tofu" else {
      throw Failure.mismatch(
        at: location.appending(field: "suite"), expected: "tofu", found: "'\(suite.shown)'")
    }
    let sets = try object.object("sets", at: location)
    let setsPlace = location.appending(field: "sets")
    let place = setsPlace.appending(field: "forget")
    let rows = try sets.object("forget", at: setsPlace).array("values", at: place)
    let ratios = try rows.enumerated().map { index, row in
      try ratio(row, "truth_ratio", location.appending(field: "sets.forget.values[\(index)]"))
    }
    return TOFUReference(
      path: path, truthRatios: ratios, settings: try object.object("settings", at: location))
  }

  /// `{"forget_truth_ratio": {"value_by_index": {"0": {"score": …}, …}}}`.
  private static func openUnlearning(
    _ object: JSONObject, _ path: String, _ location: Location
  ) throws -> TOFUReference {
    let place = location.appending(field: "forget_truth_ratio")
    let values = try object.object("forget_truth_ratio", at: location).object("value_by_index", at: place)
    let valuesPlace = place.appending(field: "value_by_index")
    let ratios = try (0..<values.count).map { index in
      try ratio(
        values.value(String(index), at: valuesPlace), "score", valuesPlace.appending(field: String(index)))
    }
    return TOFUReference(path: path, truthRatios: ratios, settings: JSONObject())
  }

  private static func ratio(_ row: JSONValue, _ field: String, _ place: Location) throws -> Double {
    guard let object = row.objectValue else {
      throw Failure.mismatch(at: place, expected: "an object", found: row.kindName)
    }
    return try object.double(field, at: place)
  }

  /// Refuses the log of another question: a distribution over other rows, or of other prompts, proves nothing.
  func check(_ options: TOFUOptions, forgetCount: Int) throws {
    let location = Location(file: path)
    try SuiteReference.requireEqual(
      settings, options.settings, in: ["forget_split", "prompt_template", "separator"], at: location)
    guard truthRatios.count == forgetCount else {
      throw Failure.mismatch(
        at: location, expected: "the truth ratios of \(forgetCount) forget rows", found: "\(truthRatios.count)",
        hint: "evaluate the retain model on the same forget split")
    }
  }
}
