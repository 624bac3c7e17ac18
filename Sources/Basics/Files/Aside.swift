import Foundation
import Synchronization

/// What this process is writing aside, so that a signal that ends it leaves nothing half written.
public enum Aside {
  private static let paths = Mutex<Set<String>>([])

  static func remember(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  static func forget(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  /// Removes all of it; the process is about to end.
  public static func removeAll() {
    for path in paths.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
  }
}
