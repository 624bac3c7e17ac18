import Basics

/// A JSON file that holds one array of objects.
enum JSONArrayFile {
  /// The objects of the array; an element that is no object goes to `problem`.
  /// - Parameter body: gets each object and its number, from 1.
  static func read(
    _ path: String, _ body: (JSONObject, Int) throws -> Void, problem: (Failure) throws -> Void
  ) throws {
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    let location = Location(file: path)
    let bytes = try TextLines.withoutMark(file)
    if bytes.isEmpty { throw Failure(.badData, at: location, "the file is empty") }
    let elements = try parse(bytes, file, location)
    for (index, element) in elements.enumerated() {
      if let object = element.objectValue {
        try body(object, index + 1)
      } else {
        try problem(
          Failure(.badData, at: location, "row \(index + 1): expected a JSON object, found \(element.kindName)"))
      }
    }
  }

  private static func parse(
    _ bytes: UnsafeRawBufferPointer, _ file: MappedFile, _ location: Location
  ) throws -> [JSONValue] {
    if try isLines(file) {
      throw Failure(
        .badData, at: location, "expected a JSON array of objects, found JSON lines",
        hint: "name the file .jsonl")
    }
    do {
      let value = try JSONParser.parse(bytes, at: location)
      guard let elements = value.arrayValue else {
        throw Failure.mismatch(
          at: location, expected: "a JSON array of objects", found: value.kindName,
          hint: "one object a line goes into a .jsonl file")
      }
      return elements
    } catch let failure as Failure {
      if bytes.firstInvalidUTF8 != nil {
        throw Failure(.badData, at: failure.location, "invalid UTF-8", hint: "save the file as UTF-8")
      }
      throw failure
    }
  }

  /// True when the file is not an array and its first two lines with text are whole JSON objects of their own.
  static func isLines(_ file: MappedFile) throws -> Bool {
    var found = 0
    for line in try TextLines(file) where !line.isBlank {
      guard line.bytes.first(where: { $0 != 0x20 && $0 != 0x09 }) == UInt8(ascii: "{"),
        let value = try? JSONParser.parse(line.bytes), value.objectValue != nil
      else { return false }
      found += 1
      if found == 2 { return true }
    }
    return false
  }
}
