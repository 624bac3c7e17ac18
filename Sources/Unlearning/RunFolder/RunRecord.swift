import Basics
import Foundation
import Torch

/// `run.json`: what the run is made of, and how far it is.
public struct RunRecord: Sendable {
  public enum State: String, Sendable { case running, done, stopped }

  public static let version = "0.1.0"

  public var state = State.running
  public var command: [String]
  /// The working directory in which the run was begun: ``inputs`` are named from there.
  public var directory: String?
  public var seed: Int
  public var inputs: RunInputs
  /// SHA-256 of every file of the model and the data, by path.
  public var hashes: JSONObject
  /// Trained and total parameters, duration, reason of the stop, …
  public var details = JSONObject()

  /// What the run is made with; empty until it begins.
  public var versions: [(name: String, value: String)] = []

  /// Those of this program, library and machine.
  static var ownVersions: [(name: String, value: String)] {
    [("version", version), ("libtorch", Runtime.version), ("cpu", Runtime.cpuCapability)]
  }

  func write(to folder: String) throws {
    let object = JSONObject([
      ("state", .string(state.rawValue)),
      ("versions", .object(JSONObject(versions.map { ($0.name, .string($0.value)) }))),
      ("threads", .integer(Runtime.threads)),
      ("command", .array(command.map(JSONValue.string))),
      ("directory", directory.map(JSONValue.string) ?? .null), ("seed", .integer(seed)),
      ("inputs", .object(inputs.json)),
      ("sha256", .object(hashes)), ("details", .object(details)),
    ])
    try AtomicFile.write(JSONValue.object(object).text(indented: true) + "\n", to: "\(folder)/run.json")
  }

  /// Reads the record of a run folder.
  /// - Throws: ``Failure`` of kind `missingInput` when the folder holds no run.
  public static func read(_ folder: String) throws -> RunRecord {
    let path = "\(folder)/run.json"
    try Folder.require(folder)
    guard FileManager.default.fileExists(atPath: path) else {
      throw Failure(
        .missingInput, at: Location(file: folder), "the folder holds no run (no run.json)",
        hint: "start one with --output")
    }
    let location = Location(file: path)
    let value = try JSONParser.parse(file: path)
    guard let object = value.objectValue else {
      throw Failure.mismatch(at: location, expected: "an object", found: value.kindName)
    }
    let state = try object.string("state", at: location)
    guard let known = State(rawValue: state) else {
      throw Failure.mismatch(
        at: location.appending(field: "state"), expected: "running, done or stopped", found: "'\(state.shown)'")
    }
    var record = RunRecord(
      command: try object.array("command", at: location).compactMap(\.stringValue),
      seed: try object.int("seed", at: location),
      inputs: try RunInputs(
        try object.object("inputs", at: location), at: location.appending(field: "inputs")),
      hashes: try object.object("sha256", at: location))
    record.state = known
    record.directory = object["directory"]?.stringValue
    record.details = try object.object("details", at: location)
    record.versions = try object.object("versions", at: location).entries.compactMap { name, value in
      value.stringValue.map { (name, $0) }
    }
    return record
  }
}
