import Basics

/// The checks that look at one row.
enum RowChecks {
  static let knownTasks = ["Task1", "Task2", "Task3"]

  static func findings(_ row: Row, _ position: RecordPosition, _ path: String) -> [DataFinding] {
    var found: [DataFinding] = []
    func add(_ severity: DataFinding.Severity, _ field: String, _ message: String, hint: String? = nil) {
      found.append(DataFinding(severity, position.failure(path, field: field, message, hint: hint)))
    }
    for (field, text) in [("input", row.input), ("output", row.output)] {
      if text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
        add(.error, field, "the text is empty", hint: "a row needs something to condition on and something to score")
        continue
      }
      // The official outputs begin with the space between them and their input.
      if let ends = spaceAtEnds(field == "output" && text.hasPrefix(" ") ? String(text.dropFirst()) : text) {
        add(.warning, field, "white space at the \(ends) of the text", hint: "it changes the tokens at the boundary")
      }
      if text.unicodeScalars.contains("\u{FFFD}") {
        add(
          .warning, field, "the text holds U+FFFD, which a wrong decoding leaves", hint: "make the file anew as UTF-8")
      }
      if text.unicodeScalars.contains(where: isStrayControl) {
        add(.warning, field, "the text holds a control character")
      }
    }
    if row.kind == nil, !row.hasGeneratedID {
      add(.warning, "id", "the id ends neither in sc nor in qa and one digit", hint: "without it the row has no score")
    }
    if let task = row.task, !knownTasks.contains(where: { $0.utf8.elementsEqual(task.utf8) }) {
      add(.warning, "task", "the task is none of \(knownTasks.joined(separator: ", "))")
    }
    return found
  }

  private static func spaceAtEnds(_ text: String) -> String? {
    let leading = text.unicodeScalars.first?.properties.isWhitespace ?? false
    let trailing = text.unicodeScalars.last?.properties.isWhitespace ?? false
    switch (leading, trailing) {
    case (true, true): return "start and the end"
    case (true, false): return "start"
    case (false, true): return "end"
    case (false, false): return nil
    }
  }

  private static func isStrayControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control && !"\n\r\t".unicodeScalars.contains(scalar)
  }
}
