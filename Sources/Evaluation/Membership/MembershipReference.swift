import Basics

/// The AUCs of a model that was retrained without the forget set: what ``PrivLeak`` compares with.
public struct MembershipReference: Sendable, Equatable {
  /// By the name of the score: `loss`, `min-k 40%`, … (``MembershipSuite``).
  public var areasUnderCurve: [String: Double]

  /// - Throws: ``Failure`` for a value outside 0…1.
  public init(areasUnderCurve: [String: Double]) throws {
    for (name, area) in areasUnderCurve where !(0...1).contains(area) {
      throw Failure.mismatch(
        .usage, at: Location(field: "retrained AUC of \(name)"), expected: "a number in 0…1", found: "\(area)")
    }
    self.areasUnderCurve = areasUnderCurve
  }

  /// Reads the JSON that a membership evaluation of the retrained model wrote.
  /// - Throws: ``Failure`` naming file and field; also where they were taken by other settings.
  public static func read(_ path: String, options: MembershipOptions = MembershipOptions()) throws
    -> MembershipReference
  {
    let location = Location(file: path)
    let object = try SuiteReference.read(
      path, suite: "membership", settings: options.settings, equalIn: ["max_length", "row_limit"])
    let place = location.appending(field: "metrics")
    let metrics = try object.object("metrics", at: location)
    var areas: [String: Double] = [:]
    for key in metrics.keys where key.hasSuffix("_auc") {
      let entry = try metrics.object(key, at: place)
      areas[String(key.dropLast("_auc".count))] = try entry.areaUnderCurve(at: place.appending(field: key))
    }
    return try MembershipReference(areasUnderCurve: areas)
  }

  /// The area for a score's name, whether given by name or read by its key in the JSON.
  func area(_ metric: MetricValue) -> Double? { areasUnderCurve[metric.name] ?? areasUnderCurve[metric.key] }
}

extension JSONObject {
  /// The `value` of a stored metric that is an area under a curve.
  /// - Throws: ``Failure`` naming file and field.
  func areaUnderCurve(at location: Location) throws -> Double {
    let value = try double("value", at: location)
    guard (0...1).contains(value) else {
      throw Failure.mismatch(at: location, expected: "a number in 0…1", found: String(value))
    }
    return value
  }
}
