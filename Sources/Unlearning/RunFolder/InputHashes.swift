import Basics
import Foundation

/// SHA-256 of the files that a run is made from, so that a record says exactly what was used.
enum InputHashes {
  private static let modelSuffixes = [".safetensors", ".json"]

  static func compute(model folder: String, data: [String], progress: any ProgressObserver) throws -> JSONObject {
    let modelFiles = try Folder.names(folder)
      .filter { name in modelSuffixes.contains { name.hasSuffix($0) } && name != "run.json" }
      .map { "\(folder)/\($0)" }
    let files = modelFiles + data
    progress.begin("hash model and data", total: files.count, unit: "files")
    defer { progress.finish() }
    var hashes = JSONObject()
    for path in files {
      hashes[path] = .string(try SHA256.hexDigest(ofFile: path))
      progress.advance(by: 1, detail: nil)
    }
    return hashes
  }

  /// Refuses to go on with files that have changed since the run began.
  static func verify(_ now: JSONObject, equal before: JSONObject) throws {
    for (path, hash) in before.entries where now[path] != hash {
      throw Failure(
        .badData, at: Location(file: path), "the file has changed since the run began, or is gone",
        hint: "restore it, or start a new run")
    }
  }
}
