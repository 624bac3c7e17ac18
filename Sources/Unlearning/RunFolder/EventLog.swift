import Basics
import Foundation

/// `events.jsonl`: one JSON object a line, appended and flushed as things happen. Numbers, ids and names only.
public final class EventLog {
  private let path: String
  private let descriptor: Int32
  /// Bytes written so far.
  public private(set) var offset: Int

  /// - Parameter offset: where to go on; what was written after it (by a run that was killed before its next
  ///   checkpoint) is cut off.
  public init(path: String, offset: Int = 0) throws {
    self.path = path
    self.offset = offset
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure.cannotWrite(path, errno) }
    guard ftruncate(descriptor, off_t(offset)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw Failure.cannotWrite(path, errno)
    }
  }

  deinit { close(descriptor) }

  public func write(_ event: JSONObject) throws {
    let line = Array((JSONValue.object(event).text() + "\n").utf8)
    var written = 0
    while written < line.count {
      let count = line.withUnsafeBytes { bytes in
        Foundation.write(descriptor, bytes.baseAddress?.advanced(by: written), line.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure.cannotWrite(path, count == 0 ? ENOSPC : errno) }
      written += count
    }
    offset += line.count
  }
}
