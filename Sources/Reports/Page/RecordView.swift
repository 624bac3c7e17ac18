import Basics

/// How to repeat the run, and how it went.
struct RecordView {
  struct Table {
    let tableName: String
    let entries: [RunReport.Record.Entry]
  }

  struct File {
    let path: String
    let hash: String
    let shortHash: String
  }

  let tables: [Table]
  let command: String?
  let hasFiles: Bool
  let files: [File]

  /// - Returns: nil when nothing is recorded.
  init?(_ record: RunReport.Record) {
    tables = [
      Table(tableName: "Run", entries: Self.course(record)),
      Table(tableName: "Configuration", entries: record.configuration),
      Table(tableName: "Versions", entries: record.versions),
    ].filter { !$0.entries.isEmpty }
    command = record.command.isEmpty ? nil : record.command.map(Self.quoted).joined(separator: " ")
    files = record.hashes.map { file in
      File(path: file.path, hash: file.sha256, shortHash: MarkupText.shortened(file.sha256, to: 13))
    }
    hasFiles = !files.isEmpty
    if tables.isEmpty, command == nil, files.isEmpty { return nil }
  }

  private static func course(_ record: RunReport.Record) -> [RunReport.Record.Entry] {
    var entries: [RunReport.Record.Entry] = []
    func add(_ name: String, _ value: String?) { if let value { entries.append(.init(name, value)) } }
    add("stopped because of", record.stopReason)
    add("seed", record.seed.map(String.init))
    add("started", record.started)
    add("finished", record.finished)
    for duration in record.durations { add(duration.name, NumberText.duration(duration.seconds)) }
    add("peak memory", record.peakMemoryBytes.map(NumberText.bytes))
    return entries
  }

  /// An argument as a shell takes it.
  static func quoted(_ argument: String) -> String {
    let plain = argument.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_./=:,+@%".contains(Character(scalar)))
    }
    if plain, !argument.isEmpty { return argument }
    return "'" + argument.replacingScalars(["'": #"'\''"#]) + "'"
  }
}
