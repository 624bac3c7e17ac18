import Basics

/// A folder that holds a forget and a retain set.
///
/// Two forms are met: `forget.jsonl` with `retain.jsonl`, and the official
/// `{forget,retain}_{train,validation}-00000-of-00001.parquet` (any number of shards, or none named). Every extension
/// that ``RowReader`` knows will do. A set without a split in its name is the train set.
public struct DatasetFolder: Sendable {
  public let path: String
  private let groups: [FileGroup]

  /// - Throws: ``Failure`` of kind `missingInput` when the folder cannot be read.
  public init(path: String) throws {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    groups = try FileGroup.groups(in: self.path)
  }

  /// True when the folder names a set for this side and split.
  public func has(_ side: DataSide, _ split: DataSplit) -> Bool { !candidates(side, split).isEmpty }

  /// The sets that are there, in the order forget train, retain train, forget validation, retain validation; where names
  /// tell no side, train and validation, or the only set there is.
  public func sets() throws -> [DataFiles] {
    let sided = try DataSplit.allCases.flatMap { split in
      try DataSide.allCases.filter { has($0, split) }.map { try files($0, split) }
    }
    guard sided.isEmpty else { return sided }
    let splits = DataSplit.allCases.filter { split in groups.contains { $0.stem == split.rawValue } }
    return try (splits.isEmpty ? [.train] : splits).map { try files(givenFor: .forget, $0) }
  }

  /// The files of one set.
  /// - Throws: ``Failure`` of kind `missingInput` when there is none or a shard is missing, `badData` when there are
  ///   several in different formats.
  public func files(_ side: DataSide, _ split: DataSplit) throws -> DataFiles {
    let found = candidates(side, split)
    guard let group = found.first else {
      let expected = split == .train ? "\(side)_train.* or \(side).*" : "\(side)_\(split).*"
      throw Failure(
        .missingInput, at: Location(file: path), "expected a file \(expected), found \(listing)",
        hint: "data files end in \(RecordReader.extensions.map { "." + $0 }.joined(separator: ", "))")
    }
    guard found.count == 1 else { throw ambiguous(found) }
    return DataFiles(name: group.stem, paths: try group.paths(in: path))
  }

  /// The files of a folder that was given for one side alone: its own set where the names tell sides, else `train` or
  /// `validation`, else the only set there is.
  public func files(givenFor side: DataSide, _ split: DataSplit) throws -> DataFiles {
    let namesSides = DataSplit.allCases.contains { split in DataSide.allCases.contains { has($0, split) } }
    if namesSides || groups.isEmpty { return try files(side, split) }
    var found = groups.filter { $0.stem == split.rawValue }
    if found.isEmpty, split == .train { found = groups.filter { $0.stem != DataSplit.validation.rawValue } }
    guard let group = found.first else { return try files(side, split) }
    guard found.count == 1 else { throw ambiguous(found) }
    return DataFiles(name: group.stem, paths: try group.paths(in: path))
  }

  private func candidates(_ side: DataSide, _ split: DataSplit) -> [FileGroup] {
    let named = groups.filter { $0.stem == "\(side)_\(split)" }
    return named.isEmpty && split == .train ? groups.filter { $0.stem == side.rawValue } : named
  }

  private var listing: String {
    let names = groups.flatMap(\.names.values).sorted()
    if names.isEmpty { return "no data file" }
    return names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
  }

  private func ambiguous(_ found: [FileGroup]) -> Failure {
    let names = found.prefix(8).compactMap { $0.names.min { $0.key < $1.key }?.value }
    return Failure(
      .badData, at: Location(file: path), "cannot choose between \(names.joined(separator: " and "))",
      hint: "keep one of them in the folder, or give the path of the file itself")
  }
}
