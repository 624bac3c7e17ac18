import Basics

/// JSON lines: one object a line, UTF-8, blank lines skipped, LF or CRLF, with or without a byte-order mark.
public enum JSONLines {
  /// Reads a file line by line, in memory bounded by its longest line.
  /// - Parameter body: gets each object and where it stands (file and line, for the errors of the caller).
  /// - Throws: ``Failure`` of kind `missingInput` when the file cannot be read, `badData` with the line for anything
  ///   that is not one JSON object, and whatever `body` throws.
  public static func read(_ path: String, _ body: (JSONObject, Location) throws -> Void) throws {
    try read(path, body) { throw $0 }
  }

  /// Reads a file line by line; a line that is wrong goes to `problem`, and reading goes on unless that throws.
  static func read(
    _ path: String, _ body: (JSONObject, Location) throws -> Void, problem: (Failure) throws -> Void
  ) throws {
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    for line in try TextLines(file) where !line.isBlank {
      let location = Location(file: path, line: line.number)
      let object: JSONObject
      do {
        object = try parse(line, at: location)
      } catch let failure as Failure {
        try problem(failure)
        continue
      }
      try body(object, location)
    }
  }

  private static func parse(_ line: TextLines.Line, at location: Location) throws -> JSONObject {
    do {
      let value = try JSONParser.parse(line.bytes, at: location)
      guard let object = value.objectValue else {
        throw Failure.mismatch(at: location, expected: "a JSON object", found: value.kindName, hint: hint(line))
      }
      return object
    } catch var failure as Failure {
      if let position = line.bytes.firstInvalidUTF8 {
        throw Failure(
          .badData, at: location, "invalid UTF-8 at byte \(position) of the line", hint: "save the file as UTF-8")
      }
      if failure.hint == nil { failure.hint = hint(line) }
      throw failure
    }
  }

  private static func hint(_ line: TextLines.Line) -> String {
    let isArray = line.number == 1 && line.bytes.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "[")
    return isArray
      ? "this looks like a JSON array: put one object on each line" : "each line must be one whole JSON object"
  }
}
