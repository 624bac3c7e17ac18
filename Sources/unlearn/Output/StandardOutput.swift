import Basics
import Foundation

/// Whether what was printed has arrived.
enum StandardOutput {
  /// - Throws: ``Failure`` of kind `cannotWrite` where it has not: a full disk, a closed output. A reader that has gone, as
  ///   `head` does, wanted no more.
  static func finish() throws {
    errno = 0
    guard fflush(nil) != 0, errno != EPIPE else { return }
    throw Failure.cannotWrite("standard output", errno == 0 ? EIO : errno)
  }
}
