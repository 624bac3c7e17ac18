import Basics
import Foundation

/// The data files of a folder that share a stem and an extension: `forget_train-00000-of-00002.parquet` and its
/// sibling make one group with the stem `forget_train`.
struct FileGroup {
  var stem: String
  var fileExtension: String
  /// Unsharded when nil, and then `names` is one.
  var shardCount: Int?
  /// Names by shard number.
  var names: [Int: String]

  /// Every group of a folder, sorted by stem and extension.
  static func groups(in folder: String) throws -> [FileGroup] {
    var groups: [String: FileGroup] = [:]
    for name in try Folder.names(folder) where !name.hasPrefix(".") {
      let fileExtension = (name as NSString).pathExtension
      guard RecordReader.extensions.contains(fileExtension.lowercased()) else { continue }
      guard !Folder.exists("\(folder)/\(name)") else { continue }
      let base = (name as NSString).deletingPathExtension
      let shard = shard(of: base)
      let stem = shard?.stem ?? base
      let key = "\(stem)/\(fileExtension)/\(shard?.count ?? 0)"
      var group =
        groups[key] ?? FileGroup(stem: stem, fileExtension: fileExtension, shardCount: shard?.count, names: [:])
      group.names[shard?.index ?? 0] = name
      groups[key] = group
    }
    return groups.keys.sorted().compactMap { groups[$0] }
  }

  /// The paths in shard order.
  /// - Throws: ``Failure`` when a shard is missing.
  func paths(in folder: String) throws -> [String] {
    // The count comes from a file's name: walk the files that are there, not the numbers it claims.
    for (expected, index) in names.keys.sorted().enumerated() where expected != index || index >= (shardCount ?? 1) {
      throw missing(expected, folder)
    }
    guard names.count == shardCount ?? 1 else { throw missing(names.count, folder) }
    return names.keys.sorted().compactMap { names[$0].map { "\(folder)/\($0)" } }
  }

  private func missing(_ index: Int, _ folder: String) -> Failure {
    Failure(
      .missingInput, at: Location(file: folder),
      "shard \(index) of \(shardCount ?? 1) of '\(stem)' (.\(fileExtension)) is missing",
      hint: "download all shards of the set, each under its own name")
  }

  /// Takes `forget_train-00000-of-00001` apart.
  private static func shard(of base: String) -> (stem: String, index: Int, count: Int)? {
    let parts = base.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[parts.count - 2] == "of" else { return nil }
    func number(_ text: Substring) -> Int? {
      text.utf8.count == 5 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
    guard let index = number(parts[parts.count - 3]), let count = number(parts[parts.count - 1]) else { return nil }
    return (parts.dropLast(3).joined(separator: "-"), index, count)
  }
}
