import Basics

/// Checks data sets and reports everything that is wrong with them, not only the first thing.
///
/// Errors: what ``RowReader`` refuses, and rows whose input or output is empty. Warnings: ids without `sc` or `qa`,
/// tasks other than `Task1` to `Task3`, white space at the ends of texts, characters that a failed decoding leaves, and
/// rows that are in the forget set and in the retain set.
public struct DataValidation: Sendable {
  /// Beyond this many findings the rest are only counted.
  public static let maximumFindings = 1000

  public private(set) var findings: [DataFinding] = []
  public private(set) var errorCount = 0
  public private(set) var warningCount = 0
  /// Rows that could be read.
  public private(set) var rowCount = 0

  public var isValid: Bool { errorCount == 0 }

  /// Checks every set behind a path: one file, or all the sets of a folder, and the overlap of its two sides.
  /// - Throws: ``Failure`` when there is nothing to check: no such path, or a folder without data files.
  public static func check(_ path: String, options: RowReader.Options = .init()) throws -> DataValidation {
    var validation = DataValidation()
    guard Folder.exists(path) else {
      for set in try DataSource.sets(at: path) { _ = try validation.checkSet(set, options) }
      return validation
    }
    let folder = try DatasetFolder(path: path)
    for split in DataSplit.allCases {
      try validation.checkSides(folder, split, options)
    }
    if validation.rowCount == 0, validation.findings.isEmpty {
      _ = try validation.checkSet(try folder.files(givenFor: .forget, .train), options)
    }
    return validation
  }

  /// Checks two sets, each a file or a folder, and their overlap.
  public static func check(
    forget: String, retain: String, split: DataSplit = .train, options: RowReader.Options = .init()
  ) throws -> DataValidation {
    var validation = DataValidation()
    let forgetFiles = try DataSource.files(.forget, at: forget, split: split)
    let retainFiles = try DataSource.files(.retain, at: retain, split: split)
    let forgetRows = try validation.checkSet(forgetFiles, options)
    let retainRows = try validation.checkSet(retainFiles, options)
    validation.checkOverlap(forgetRows, retainRows, retainFiles)
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
    if finding.severity == .error { errorCount += 1 } else { warningCount += 1 }
    if findings.count < Self.maximumFindings { findings.append(finding) }
  }

  private mutating func checkSides(_ folder: DatasetFolder, _ split: DataSplit, _ options: RowReader.Options) throws {
    var rows: [DataSide: [Row]] = [:]
    var retainFiles: DataFiles?
    for side in DataSide.allCases where folder.has(side, split) {
      do {
        let files = try folder.files(side, split)
        rows[side] = try checkSet(files, options)
        if side == .retain { retainFiles = files }
      } catch let failure as Failure {
        add(DataFinding(.error, failure))
      }
    }
    guard let retainFiles else { return }
    checkOverlap(rows[.forget] ?? [], rows[.retain] ?? [], retainFiles)
  }

  /// Checks one set and returns the rows that could be read.
  private mutating func checkSet(_ files: DataFiles, _ options: RowReader.Options) throws -> [Row] {
    var rows: [Row] = []
    var number = 0
    var findings: [DataFinding] = []
    var places: [ExactText: (path: String, position: RecordPosition)] = [:]
    for path in files.paths {
      do {
        try RecordReader.read(path, linesInJSON: options.allowsLinesInJSON) { record in
          number += 1
          do {
            let row = try RowFields.row(record, number: number, path: path)
            findings += RowChecks.findings(row, record.position, path)
            let key = ExactText(row.id)
            if let first = places[key] {
              let failure = RowReader.duplicate(row.id, path, record.position, first)
              findings.append(DataFinding(options.allowsDuplicateIDs ? .warning : .error, failure))
            } else {
              places[key] = (path, record.position)
            }
            rows.append(row)
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
    rowCount += rows.count
    return rows
  }

  private mutating func checkOverlap(_ forget: [Row], _ retain: [Row], _ files: DataFiles) {
    for overlap in RowOverlap.find(forget: forget, retain: retain) {
      let what = overlap.reason == .id ? "has the id of" : "repeats input and output of"
      let (id, twin) = (RowReader.printable(overlap.retainID), RowReader.printable(overlap.forgetID))
      add(
        DataFinding(
          .warning, at: Location(file: files.paths.first, field: overlap.reason == .id ? "id" : nil),
          "the retain row \(id) \(what) the forget row \(twin)", hint: "keep a row on one side only"))
    }
  }
}
