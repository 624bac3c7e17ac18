import Basics
import Datasets
import Foundation

/// One multiple-choice question.
public struct MMLUQuestion: Sendable, Equatable {
  public var question: String
  /// Four.
  public var choices: [String]
  /// 0 … 3.
  public var answer: Int

  public init(question: String, choices: [String], answer: Int) {
    self.question = question
    self.choices = choices
    self.answer = answer
  }
}

/// MMLU as two folders of CSV files, `dev/SUBJECT_dev.csv` (five examples each) and `test/SUBJECT_test.csv`: as its authors
/// distribute it (no header; question, four choices and the letter of the answer), or with the header
/// `question,choice0,choice1,choice2,choice3,answer` and answers from 0 to 3.
public struct MMLUData: Sendable {
  public struct Subject: Sendable {
    public var name: String
    public var examples: [MMLUQuestion]
    public var questions: [MMLUQuestion]
  }

  /// The 57 subjects, sorted by name.
  public let subjects: [Subject]

  /// - Throws: ``Failure`` naming the folder when a subject is missing or unknown, or file, line and field.
  public init(folder: String) throws {
    let tests = try Self.files("\(folder)/test", suffix: "_test.csv", in: folder)
    let examples = try Self.files("\(folder)/dev", suffix: "_dev.csv", in: folder)
    subjects = try MMLUSubject.all.map { name in
      Subject(name: name, examples: try Self.read(examples[name] ?? ""), questions: try Self.read(tests[name] ?? ""))
    }
  }

  private static func files(_ path: String, suffix: String, in folder: String) throws -> [String: String] {
    guard Folder.exists(folder) else { throw Failure.cannotRead(folder, ENOENT) }
    guard Folder.exists(path) else {
      throw Failure(
        .missingInput, at: Location(file: folder),
        "expected the folders dev and test with one CSV file a subject; \(path) is missing")
    }
    var files: [String: String] = [:]
    for name in try Folder.names(path) where name.hasSuffix(".csv") {
      files[name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : String(name.dropLast(4))] = "\(path)/\(name)"
    }
    let missing = MMLUSubject.all.filter { files[$0] == nil }
    let unknown = files.keys.filter { !MMLUSubject.all.contains($0) }.sorted()
    guard missing.isEmpty, unknown.isEmpty else {
      let parts = [("missing", missing), ("unknown", unknown)].filter { !$0.1.isEmpty }.map { kind, names in
        "\(kind): \(names.prefix(4).joined(separator: ", "))\(names.count > 4 ? " and \(names.count - 4) more" : "")"
      }
      throw Failure(
        missing.isEmpty ? .badData : .missingInput, at: Location(file: path),
        "expected the 57 subjects of MMLU, found \(files.count) files; \(parts.joined(separator: "; "))",
        hint: "the average is over all subjects: use the whole benchmark")
    }
    return files
  }

  private static let letters = ["A", "B", "C", "D"]

  private static func read(_ path: String) throws -> [MMLUQuestion] {
    try readAsDistributed(path) ?? readTable(path)
  }

  /// Nil for a file whose first record is no question with a letter behind it.
  private static func readAsDistributed(_ path: String) throws -> [MMLUQuestion]? {
    var questions: [MMLUQuestion] = []
    var isOther = false
    try CSVReader.read(path) { fields, line in
      let answer = fields.count == 6 ? letters.firstIndex(of: fields[5]) : nil
      isOther = isOther || questions.isEmpty && answer == nil
      guard !isOther else { return }
      guard let answer else {
        throw Failure.mismatch(
          at: Location(file: path, line: line), expected: "six fields, the last of them A, B, C or D",
          found: fields.count == 6 ? "'\(fields[5].prefix(20))'" : "\(fields.count)")
      }
      questions.append(MMLUQuestion(question: fields[0], choices: Array(fields[1...4]), answer: answer))
    }
    return isOther || questions.isEmpty ? nil : questions
  }

  private static func readTable(_ path: String) throws -> [MMLUQuestion] {
    let table = try CSVTable(path: path)
    let questions = try table.column("question")
    let choices = try (0..<4).map { try table.column("choice\($0)") }
    let answers = try table.column("answer")
    guard !questions.isEmpty else { throw Failure(.badData, at: Location(file: path), "the file holds no question") }
    return try questions.indices.map { index in
      guard let answer = Int(answers[index]), (0...3).contains(answer) else {
        throw Failure.mismatch(
          at: Location(file: path, line: table.lines[index], field: "answer"), expected: "0, 1, 2 or 3",
          found: "'\(answers[index].prefix(20))'")
      }
      return MMLUQuestion(question: questions[index], choices: choices.map { $0[index] }, answer: answer)
    }
  }
}
