import Basics
import Datasets
import Evaluation

/// Where a run's model and rows are from.
public struct RunInputs: Sendable, Equatable {
  public var model: String
  /// The forget set's path; nil to memorise.
  public var forget: String?
  /// The retain set's path, or the paths of all rows to memorise.
  public var retain: [String]

  /// Documents like those to forget that the model has never seen; nil when none are at hand.
  public var unseen: String?

  /// Folders that the evaluation also uses: documents of the membership attack, MMLU.
  public var membership: String?
  public var mmlu: String?
  /// The evaluation folder of a model that never saw the forget set: every figure is then shown beside its own.
  public var reference: String?

  public init(
    model: String, forget: String?, retain: [String], unseen: String? = nil, membership: String? = nil,
    mmlu: String? = nil,
    reference: String? = nil
  ) {
    self.model = model
    self.forget = forget
    self.retain = retain
    self.unseen = unseen
    self.membership = membership
    self.mmlu = mmlu
    self.reference = reference
  }

  /// A JSON array is accepted where rows are trained on (`--data` of `run` and `memorize`).
  func read() throws -> (forget: [Row], retain: [Row], files: [String]) {
    let forgetFiles = try forget.map { try DataSource.files(.forget, at: $0).paths } ?? []
    // Each set to memorise numbers its rows as it likes: ids are told apart within a set alone.
    let retainSets =
      forget == nil
      ? try retain.flatMap { try DataSource.sets(at: $0).map(\.paths) }
      : [try retain.flatMap { try DataSource.files(.retain, at: $0).paths }]
    return (
      forgetFiles.isEmpty ? [] : try RowReader.read(forgetFiles), try retainSets.flatMap { try RowReader.read($0) },
      forgetFiles + retainSets.joined() + (unseen.map { [$0] } ?? [])
    )
  }

  /// What the evaluation reads beside the rows; MMLU's files are in two folders of their own.
  func evaluationFiles() throws -> [String] {
    let documents = membership.map { folder in ["member", "nonmember"].map { "\(folder)/\($0).jsonl" } }
    let questions = try mmlu.map { folder in
      try ["dev", "test"].flatMap { part in try Folder.names("\(folder)/\(part)").map { "\(folder)/\(part)/\($0)" } }
    }
    return (documents ?? []) + (questions ?? []) + (reference.map { ["\($0)/\(EvaluationSummary.fileName)"] } ?? [])
  }

  var json: JSONObject {
    JSONObject([
      ("model", .string(model)), ("forget", forget.map(JSONValue.string) ?? .null),
      ("retain", .array(retain.map(JSONValue.string))), ("unseen", unseen.map(JSONValue.string) ?? .null),
      ("mia", membership.map(JSONValue.string) ?? .null),
      ("mmlu", mmlu.map(JSONValue.string) ?? .null), ("reference", reference.map(JSONValue.string) ?? .null),
    ])
  }

  init(_ object: JSONObject, at location: Location) throws {
    model = try object.string("model", at: location)
    forget = object.has("forget") ? try object.string("forget", at: location) : nil
    let place = location.appending(field: "retain")
    retain = try object.array("retain", at: location).map { value in
      guard let path = value.stringValue else {
        throw Failure.mismatch(at: place, expected: "paths", found: value.kindName)
      }
      return path
    }
    guard !retain.isEmpty else { throw Failure.mismatch(at: place, expected: "at least one path", found: "none") }
    func optional(_ key: String) throws -> String? { object.has(key) ? try object.string(key, at: location) : nil }
    unseen = try optional("unseen")
    membership = try optional("mia")
    mmlu = try optional("mmlu")
    reference = try optional("reference")
  }
}
