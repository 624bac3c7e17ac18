import Foundation
import Synchronization

/// What is written aside before it is renamed into place: its names, and what becomes of it when a process ends first.
public enum Aside {
  private static let paths = Mutex<Set<String>>([])
  private static let partial = ".partial-"
  private static let replaced = ".old-"

  /// Where this process writes what is to be at `path`. A path that ends in `/` stands for a name inside the folder.
  static func path(for path: String) -> String { "\(path)\(partial)\(getpid())" }

  /// Where this process keeps what was at `path` until the new is there.
  static func replacedPath(for path: String) -> String { "\(path)\(replaced)\(getpid())" }

  static func isAside(_ name: String) -> Bool { name.hasPrefix(partial) }

  static func remember(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  static func forget(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  /// Removes all that this process is writing aside; it is about to end.
  public static func removeAll() {
    for path in paths.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Removes what processes that were killed had been writing aside in a folder.
  public static func removeAbandoned(in folder: String) {
    for name in (try? Folder.names(folder)) ?? [] { remove(name, in: folder, marks: [partial], of: nil) }
  }

  /// Removes what processes that were killed left of `path`, which is whole now.
  static func removeAbandoned(of path: String) {
    let parent = Folder.parent(of: path)
    let folder = parent.isEmpty ? "." : parent
    let name = (path as NSString).lastPathComponent
    for other in (try? Folder.names(folder)) ?? [] { remove(other, in: folder, marks: [partial, replaced], of: name) }
  }

  private static func remove(_ name: String, in folder: String, marks: [String], of target: String?) {
    for mark in marks {
      guard let range = name.range(of: mark, options: .backwards),
        target == nil || name[..<range.lowerBound] == target ?? "",
        let process = pid_t(name[range.upperBound...]), !isAtWork(process, on: name)
      else { continue }
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  /// A number of an ended process may be that of a new one, also of this one: in a container they repeat.
  private static func isAtWork(_ process: pid_t, on name: String) -> Bool {
    guard process == getpid() else { return kill(process, 0) == 0 || errno != ESRCH }
    return paths.withLock { known in known.contains { ($0 as NSString).lastPathComponent == name } }
  }
}
