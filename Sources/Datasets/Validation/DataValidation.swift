import Basics

/// Checks data sets and reports everything that is wrong with them, not only the first thing.
///
/// Errors: what ``RowReader`` refuses, and rows whose input or output is empty. Warnings: ids without `sc` or `qa`,
/// tasks other than `Task1` to `Task3`, white space at the ends of texts, characters that a failed decoding leaves, and
/// rows that are in the forget set and in the retain set.
public struct DataValidation: Sendable {
  /// Beyond this many errors, and as many warnings, the rest are only counted.
  public static let maximumFindings = 1000

  public private(set) var findings: [DataFinding] = []
  public private(set) var errorCount = 0
  public private(set) var warningCount = 0
  /// Rows that could be read.
  public private(set) var rowCount = 0

  public var isValid: Bool { errorCount == 0 }

  /// Checks every set behind a path: one file, or all the sets of a folder, and the overlap of its two sides.
  /// - Throws: ``Failure`` when there is nothing to check: no such path, or a folder without data files.
  public static func check(_ path: String) throws -> DataValidation {
    var validation = DataValidation()
    guard Folder.exists(path) else {
      for set in try DataSource.sets(at: path) { _ = try validation.checkSet(set, allowsDocuments: true) }
      return validation
    }
    let folder = try DatasetFolder(path: path)
    for split in DataSplit.allCases {
      try validation.checkSides(folder, split)
    }
    if validation.rowCount == 0, validation.findings.isEmpty {
      for set in try folder.sets() { _ = try validation.checkSet(set) }
    }
    return validation
  }

  public var jsonValue: JSONValue {
    .object(
      JSONObject([
        ("valid", .bool(isValid)), ("rows", .integer(rowCount)), ("errors", .integer(errorCount)),
        ("warnings", .integer(warningCount)), ("findings", .array(findings.map(\.jsonValue))),
      ]))
  }

  private mutating func add(_ finding: DataFinding) {
    let count = finding.severity == .error ? errorCount : warningCount
    if finding.severity == .error { errorCount += 1 } else { warningCount += 1 }
    if count < Self.maximumFindings { findings.append(finding) }
  }

  private mutating func checkSides(_ folder: DatasetFolder, _ split: DataSplit) throws {
    var rows: [DataSide: [PlacedRow]] = [:]
    for side in DataSide.allCases where folder.has(side, split) {
      do {
        rows[side] = try checkSet(try folder.files(side, split))
      } catch let failure as Failure {
        add(DataFinding(.error, failure))
      }
    }
    checkOverlap(rows[.forget] ?? [], rows[.retain] ?? [])
  }

  /// A row that could be read, and where it stands.
  private struct PlacedRow {
    let row: Row
    let path: String
    let position: RecordPosition
  }

  /// Checks one set and returns the rows that could be read.
  /// - Parameter allowsDocuments: whether it may be a file of documents for `--mia` or `--unseen`.
  private mutating func checkSet(_ files: DataFiles, allowsDocuments: Bool = false) throws -> [PlacedRow] {
    var rows: [PlacedRow] = []
    var documents = 0
    var number = 0
    var findings: [DataFinding] = []
    var places: [ExactText: (path: String, position: RecordPosition)] = [:]
    for path in files.paths {
      do {
        try RecordReader.read(path) { record in
          number += 1
          do {
            guard try !(allowsDocuments && Self.isDocument(record, path)) else {
              documents += 1
              return
            }
            let row = try RowFields.row(record, number: number, path: path)
            findings += RowChecks.findings(row, record.position, path)
            let key = ExactText(row.id)
            if let first = places[key] {
              let failure = RowReader.duplicate(row.id, path, record.position, first)
              findings.append(DataFinding(.error, failure))
            } else {
              places[key] = (path, record.position)
            }
            rows.append(PlacedRow(row: row, path: path, position: record.position))
          } catch let failure as Failure {
            findings.append(DataFinding(.error, failure))
          }
        } problem: {
          number += 1
          findings.append(DataFinding(.error, $0))
        }
      } catch let failure as Failure where failure.kind == .badData {
        findings.append(DataFinding(.error, failure))
      }
    }
    if number == 0, findings.isEmpty {
      let location = Location(file: files.paths.first)
      findings.append(DataFinding(.error, at: location, "expected at least one row, found none"))
    }
    findings.forEach { add($0) }
    rowCount += rows.count + documents
    return rows
  }

  /// Whether a record is `{document}`, and no row.
  private static func isDocument(_ record: Record, _ path: String) throws -> Bool {
    func isMissing(_ name: String) -> Bool { if case .missing = record.field(name) { true } else { false } }
    guard !isMissing("document"), (RowFields.inputs + RowFields.outputs).allSatisfy(isMissing) else { return false }
    if case .text(let text) = record.field("document"), !text.isEmpty { return true }
    throw record.position.failure(path, field: "document", "expected text, found none", hint: "leave the document out")
  }

  private mutating func checkOverlap(_ forget: [PlacedRow], _ retain: [PlacedRow]) {
    for overlap in RowOverlap.find(forget: forget.map(\.row), retain: retain.map(\.row)) {
      let what = overlap.reason == .id ? "has the id of" : "repeats input and output of"
      let place = retain[overlap.retainIndex]
      let failure = place.position.failure(
        place.path, field: overlap.reason == .id ? "id" : nil,
        "the retain row \(overlap.retainID.shown) \(what) the forget row \(overlap.forgetID.shown)",
        hint: "keep a row on one side only")
      add(DataFinding(.warning, failure))
    }
  }
}
