import Basics

/// The names of the fields of a row, and turning a record into a row.
enum RowFields {
  static let inputs = ["input", "question", "prompt"]
  static let outputs = ["output", "answer", "completion", "response"]

  /// The columns that rows are made of: the official name of a text where it is there, else what may stand for it.
  static func used(of names: [String]) -> [String] {
    let texts = [inputs, outputs].flatMap { names.contains($0[0]) ? [$0[0]] : $0 }
    return (["id"] + texts + ["task", "split"]).filter(names.contains)
  }

  /// A failure that names the text column which a file with these columns lacks.
  static func missing(from names: [String], path: String) -> Failure? {
    for wanted in [inputs, outputs] where !wanted.contains(where: names.contains) {
      return Failure(
        .badData, at: Location(file: path, field: wanted[0]), "the column is missing; \(FieldNames.found(names))",
        hint: hint(wanted))
    }
    return nil
  }

  /// - Parameter number: the row's number in its set, from 1: the id of a row that has none.
  static func row(_ record: Record, number: Int, path: String) throws -> Row {
    let id = try identifier(record, path)
    return Row(
      id: id ?? String(number), input: try text(inputs, record, path), output: try text(outputs, record, path),
      task: try optional("task", record, path), split: try optional("split", record, path),
      line: record.position.line, hasGeneratedID: id == nil)
  }

  private static func identifier(_ record: Record, _ path: String) throws -> String? {
    switch record.field("id") {
    case .missing, .null: return nil
    case .text(let text), .integer(let text): return text
    case .other(let found): throw mismatch("id", "a string or an integer", found, record, path)
    }
  }

  private static func text(_ names: [String], _ record: Record, _ path: String) throws -> String {
    let present = names.filter { if case .missing = record.field($0) { false } else { true } }
    // The official name wins; two of the others would leave a guess.
    guard let name = present.first else {
      throw record.position.failure(
        path, field: names[0], "the field is missing; \(FieldNames.found(record.names))", hint: hint(names))
    }
    if name != names[0], present.count > 1 {
      throw record.position.failure(
        path, field: names[0], "'\(present[0])' and '\(present[1])' are both there",
        hint: "keep one of them, or name it '\(names[0])'")
    }
    switch record.field(name) {
    case .text(let text): return text
    case .null, .missing: throw mismatch(name, "a string", "null", record, path)
    case .integer: throw mismatch(name, "a string", "an integer", record, path)
    case .other(let found): throw mismatch(name, "a string", found, record, path)
    }
  }

  private static func optional(_ name: String, _ record: Record, _ path: String) throws -> String? {
    switch record.field(name) {
    case .missing, .null: return nil
    case .text(let text): return text.isEmpty ? nil : text
    case .integer: throw mismatch(name, "a string", "an integer", record, path)
    case .other(let found): throw mismatch(name, "a string", found, record, path)
    }
  }

  private static func mismatch(
    _ field: String, _ expected: String, _ found: String, _ record: Record, _ path: String
  ) -> Failure {
    record.position.failure(path, field: field, "expected \(expected), found \(found)")
  }

  private static func hint(_ names: [String]) -> String {
    let others = names.dropFirst().map { "'\($0)'" }.joined(separator: " or ")
    return "rows have id, input, output and task; \(others) may stand for '\(names[0])'"
  }
}
