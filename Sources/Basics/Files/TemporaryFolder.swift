import Foundation

/// A new folder in the system's temporary one, which this user alone may read.
public struct TemporaryFolder: Sendable {
  public let path: String

  /// - Throws: ``Failure`` of kind `cannotWrite`.
  public init() throws {
    path = "\(NSTemporaryDirectory())/unlearn-\(UUID().uuidString)"
    guard mkdir(path, 0o700) == 0 else { throw Failure.cannotWrite(path, errno) }
  }

  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Removes it with all that is in it.
  public func remove() { try? FileManager.default.removeItem(atPath: path) }
}
