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
    let parent = (path as NSString).deletingLastPathComponent
    if !parent.isEmpty, parent != path { try create(parent) }
    guard mkdir(path, 0o755) == 0 || errno == EEXIST && exists(path) else { throw Failure.cannotWrite(path, errno) }
  }

  /// The names in a folder, sorted by bytes.
  public static func names(_ path: String) throws -> [String] {
    guard exists(path) else { throw Failure.cannotRead(path, access(path, F_OK) == 0 ? ENOTDIR : errno) }
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
    if exists(path) {
      guard try !names(path).isEmpty else { return }
      throw Failure(
        .cannotWrite, at: Location(file: path), "the folder exists and is not empty", hint: "choose another --output")
    }
    // What a link points to may not be there; the link itself is.
    var status = stat()
    guard lstat(path, &status) != 0 else {
      throw Failure(
        .cannotWrite, at: Location(file: path), "expected a folder, or nothing; found a file",
        hint: "choose another --output")
    }
  }

  /// Builds a folder aside and renames it into place when `body` succeeds; a failed build leaves nothing behind.
  /// An empty folder at `path` is replaced; one with content is refused unless `replacing` is true, and so is a file. A
  /// link to a folder is followed.
  public static func writeAtomically(_ path: String, replacing: Bool = false, _ body: (String) throws -> Void) throws {
    var target = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    if !replacing || !exists(target) { try requireFree(target) }
    if exists(target) { target = URL(fileURLWithPath: target).resolvingSymlinksInPath().path }
    let parent = (target as NSString).deletingLastPathComponent
    if !parent.isEmpty { try create(parent) }
    let aside = "\(target).partial-\(getpid())"
    try? FileManager.default.removeItem(atPath: aside)
    try create(aside)
    do {
      try body(aside)
      synchronize(aside)
      let old = "\(target).old-\(getpid())"
      let hadOld = rename(target, old) == 0
      guard rename(aside, target) == 0 else {
        let code = errno
        if hadOld { rename(old, target) }
        throw Failure.cannotWrite(target, code)
      }
      if hadOld { try? FileManager.default.removeItem(atPath: old) }
      synchronize(parent)
    } catch {
      try? FileManager.default.removeItem(atPath: aside)
      throw error
    }
  }

  /// Makes renames in a folder durable; a file system that cannot is left as it is.
  static func synchronize(_ path: String) {
    let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
