import Foundation

/// Holds a folder for one writer, until it is released or the process ends in any way. Reading is not kept out.
public final class FolderLock {
  private let descriptor: Int32

  /// - Parameter waits: until another process, or another lock of this one, has released the folder.
  /// - Throws: ``Failure`` of kind `cannotWrite` when another holds the folder and is not waited for; `missingInput` when
  ///   there is no folder. A file system without locks is left as it is.
  public init(_ folder: String, waits: Bool = false) throws {
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure.cannotRead(folder, errno) }
    guard flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      close(descriptor)
      throw Failure(
        .cannotWrite, at: Location(file: folder), "another process is writing into the folder",
        hint: "wait for it to end, or stop it")
    }
  }

  deinit { close(descriptor) }
}
