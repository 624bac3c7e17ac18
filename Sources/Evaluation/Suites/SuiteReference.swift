import Basics

/// The JSON that a suite wrote for another model, to compare with.
enum SuiteReference {
  /// Reads it, if it is of this suite and was taken by the same settings.
  /// - Parameter fields: the settings that must be equal.
  /// - Throws: ``Failure`` naming file and field.
  static func read(
    _ path: String, suite: String, settings: JSONObject, equalIn fields: [String]
  ) throws -> JSONObject {
    let location = Location(file: path)
    let object = try JSONFile.object(path)
    let name = try object.string("suite", at: location)
    guard name == suite else {
      throw Failure.mismatch(
        at: location.appending(field: "suite"), expected: suite, found: "'\(name.shown)'",
        hint: "give the JSON that the suite \(suite) wrote for the retrained model")
    }
    if object.has("settings") {
      var stored = try object.object("settings", at: location)
      // A limit that left nothing out is none.
      if !object.has("sample") { stored["row_limit"] = .null }
      try requireEqual(stored, settings, in: fields, at: location)
    }
    return object
  }

  /// Refuses other settings; one that is not stored is taken to be equal.
  static func requireEqual(
    _ stored: JSONObject, _ own: JSONObject, in fields: [String], at location: Location
  ) throws {
    for field in fields {
      guard let theirs = stored[field], let ours = own[field], theirs != ours else { continue }
      throw Failure.mismatch(
        at: location.appending(field: "settings.\(field)"), expected: ours.text(), found: theirs.text(),
        hint: "evaluate the retrained model with the same settings")
    }
  }
}
