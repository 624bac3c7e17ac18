import Foundation

/// Folders: making them, and replacing one as a whole.
public enum Folder {
  public static func exists(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Makes the folder and its parents.
  public static func create(_ path: String) throws {
    guard !exists(path) else { return }
    let parent = parent(of: path)
    if !parent.isEmpty, parent != path { try create(parent) }
    guard mkdir(path, 0o755) == 0 || errno == EEXIST && exists(path) else { throw Failure.cannotWrite(path, errno) }
  }

  /// The folder that a path lies in: "/" for one at the root, empty for a name alone.
  static func parent(of path: String) -> String {
    let slash = UInt8(ascii: "/")
    var bytes = Array(path.utf8)[...]
    while bytes.count > 1, bytes.last == slash { bytes.removeLast() }
    guard let last = bytes.lastIndex(of: slash) else { return "" }
    bytes = bytes[..<last]
    while bytes.last == slash { bytes.removeLast() }
    return bytes.isEmpty ? "/" : String(decoding: bytes, as: UTF8.self)
  }

  /// Refuses a path at which there is no folder.
  /// - Throws: ``Failure`` of kind `missingInput`.
  public static func require(_ path: String) throws {
    guard !exists(path) else { return }
    throw Failure.cannotRead(path, access(path, F_OK) == 0 ? ENOTDIR : errno)
  }

  /// The names in a folder, sorted by bytes.
  public static func names(_ path: String) throws -> [String] {
    try require(path)
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).sorted {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      }
    } catch {
      throw Failure(.missingInput, at: Location(file: path), "cannot read the folder")
    }
  }

  /// Refuses a path at which something is that a new folder would replace: a file, a folder with something in it.
  public static func requireFree(_ path: String) throws {
    guard !path.isEmpty else { throw Failure.cannotWrite(path, ENOENT) }
    if exists(path) {
      guard try names(path).contains(where: { !Aside.isAside($0) }) else { return }
      throw Failure(
        .cannotWrite, at: Location(file: path), "the folder exists and is not empty",
        hint: "choose another output folder")
    }
    // What a link points to may not be there; the link itself is.
    var status = stat()
    guard lstat(path, &status) != 0 else {
      throw Failure(
        .cannotWrite, at: Location(file: path), "expected a folder, or nothing; found a file",
        hint: "choose another output folder")
    }
    var above = parent(of: path)
    while !above.isEmpty, above != "/", lstat(above, &status) != 0 { above = parent(of: above) }
    if above.isEmpty { above = "." }
    guard exists(above) else { throw Failure.cannotWrite(above, ENOTDIR) }
    guard access(above, W_OK) == 0 else { throw Failure.cannotWrite(above, errno) }
  }

  /// Refuses paths at which there is nothing; nil for one that was not given.
  /// - Throws: ``Failure`` of kind `missingInput`.
  public static func requireInputs(_ paths: [String?]) throws {
    for case let path? in paths where access(path, F_OK) != 0 { throw Failure.cannotRead(path, errno) }
  }

  /// Builds a folder aside and moves it into place when `body` succeeds; a failed build leaves nothing behind.
  ///
  /// An empty folder at `path` is filled: it may be a mount point, or where the command was started. One with content is
  /// refused unless `replacing` is true, and so is a file. A link to a folder is followed.
  public static func writeAtomically(_ path: String, replacing: Bool = false, _ body: (String) throws -> Void) throws {
    var target = path
    while target.count > 1, target.hasSuffix("/") { target.removeLast() }
    let isThere = exists(target)
    if !replacing || !isThere { try requireFree(target) }
    if isThere { target = URL(fileURLWithPath: target).resolvingSymlinksInPath().path }
    let fills = isThere && !replacing
    let parent = parent(of: target)
    if !parent.isEmpty { try create(parent) }
    let aside = Aside.path(for: fills ? "\(target)/" : target)
    try? FileManager.default.removeItem(atPath: aside)
    guard mkdir(aside, 0o755) == 0 else { throw Failure.cannotWrite(target, errno) }
    Aside.remember(aside)
    defer { Aside.forget(aside) }
    do {
      try body(aside)
      synchronize(aside)
      if fills {
        try fill(target, from: aside)
      } else if isThere {
        try replace(target, by: aside)
      } else if rename(aside, target) != 0 {
        let code = errno
        // Another process may have made it meanwhile.
        try requireFree(target)
        throw Failure.cannotWrite(target, code)
      }
      synchronize(parent)
      Aside.removeAbandoned(of: target)
      if fills { Aside.removeAbandoned(in: target) }
    } catch {
      try? FileManager.default.removeItem(atPath: aside)
      throw error
    }
  }

  /// Moves everything into an empty folder, what is named `run.json` or `config.json` last: these make it a run or a model.
  private static func fill(_ target: String, from aside: String) throws {
    let names = try names(aside)
    let last = ["config.json", "run.json"].filter(names.contains)
    for name in names.filter({ !last.contains($0) }) + last {
      guard rename("\(aside)/\(name)", "\(target)/\(name)") == 0 else { throw Failure.cannotWrite(target, errno) }
    }
    rmdir(aside)
    synchronize(target)
  }

  private static func replace(_ target: String, by aside: String) throws {
    let old = Aside.replacedPath(for: target)
    let hadOld = rename(target, old) == 0
    guard rename(aside, target) == 0 else {
      let code = errno
      if hadOld { rename(old, target) }
      throw Failure.cannotWrite(target, code)
    }
    if hadOld { try? FileManager.default.removeItem(atPath: old) }
  }

  /// Makes renames in a folder durable; a file system that cannot is left as it is.
  static func synchronize(_ path: String) {
    let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
