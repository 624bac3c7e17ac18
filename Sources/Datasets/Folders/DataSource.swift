import Basics

/// Rows from whatever a user gives for `--forget`, `--retain` or `--data`: a file, or a folder.
public enum DataSource {
  /// The files behind a path that was given for one side.
  public static func files(_ side: DataSide, at path: String, split: DataSplit = .train) throws -> DataFiles {
    guard Folder.exists(path) else { return file(path) }
    return try DatasetFolder(path: path).files(givenFor: side, split)
  }

  /// Every set behind a path: the file, or all the sets that a folder's names tell.
  public static func sets(at path: String) throws -> [DataFiles] {
    guard Folder.exists(path) else { return [file(path)] }
    return try DatasetFolder(path: path).sets()
  }

  private static func file(_ path: String) -> DataFiles {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return DataFiles(name: stem.isEmpty ? name : stem, paths: [path])
  }
}
