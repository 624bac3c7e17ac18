import Foundation

/// Standard error. Where it is closed, full, or its reader has gone, there is nobody to tell, and the work goes on.
enum StandardError {
  static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Keeps a closed standard error from becoming the number of the next file that is opened, which would get the log.
  static func occupy() {
    guard fcntl(STDERR_FILENO, F_GETFD) < 0 else { return }
    let descriptor = open("/dev/null", O_WRONLY)
    guard descriptor >= 0, descriptor != STDERR_FILENO else { return }
    dup2(descriptor, STDERR_FILENO)
    close(descriptor)
  }
}
