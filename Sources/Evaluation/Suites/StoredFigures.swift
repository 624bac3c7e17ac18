import Basics
import Foundation

/// The figures of whatever `evaluate` left in a folder: the official evaluation, scores of stored rows, suites.
public enum StoredFigures {
  private static let suites = ["tofu", "muse", "membership"]
  private static let recomputed = "scores.json"

  /// Whether the folder holds any.
  public static func exist(in folder: String) -> Bool {
    ([EvaluationSummary.fileName, recomputed] + suites.map { "\($0).json" }).contains {
      FileManager.default.fileExists(atPath: "\(folder)/\($0)")
    }
  }

  /// - Returns: the figures, and whether they are those of a sample.
  /// - Throws: ``Failure`` naming file and field.
  public static func read(_ folder: String) throws -> (figures: [EvaluationResults.Figure], isSample: Bool) {
    func path(_ name: String) -> String? {
      let path = "\(folder)/\(name)"
      return FileManager.default.fileExists(atPath: path) ? path : nil
    }
    var figures: [EvaluationResults.Figure] = []
    var isSample = false
    if path(EvaluationSummary.fileName) != nil {
      let summary = try EvaluationSummary(folder: folder)
      (figures, isSample) = (summary.figures, summary.sample != nil)
    } else if let path = path(recomputed) {
      let stored = try JSONFile.object(path)
      isSample = stored["sample"]?.boolValue ?? false
      figures = try stored.entries.filter { $0.key != "sample" }.map { name, value in
        let place = Location(file: path, field: name)
        var entry = try object(value, at: place)
        entry["group"] = "scores"
        entry["name"] = .string(name)
        return try EvaluationResults.Figure(entry, at: place)
      }
    }
    for suite in suites {
      guard let path = path("\(suite).json") else { continue }
      let stored = try JSONFile.object(path)
      isSample = isSample || stored.has("sample")
      let metrics = try stored.object("metrics", at: Location(file: path))
      figures += try metrics.entries.map { key, value in
        let place = Location(file: path, field: "metrics.\(key)")
        let entry = try object(value, at: place)
        let symbol = try entry.string("direction", at: place)
        guard let direction = MetricDirection(symbol: symbol) else {
          throw Failure.mismatch(
            at: place, expected: "a direction: ↑, ↓ or → and a number", found: "'\(symbol.shown)'")
        }
        return EvaluationResults.Figure(
          group: suite, name: key.replacing("_", with: " "), direction: direction, value: entry["value"]?.doubleValue)
      }
    }
    return (figures, isSample)
  }

  private static func object(_ value: JSONValue, at place: Location) throws -> JSONObject {
    guard let object = value.objectValue else {
      throw Failure.mismatch(at: place, expected: "an object", found: value.kindName)
    }
    return object
  }
}
