import Foundation

/// A file that grows at its end, each write reaching the system at once: what was written survives a kill of the process.
public final class AppendOnlyFile {
  public let path: String
  /// Bytes written so far.
  public private(set) var offset: Int
  private let descriptor: Int32

  /// - Parameters:
  ///   - offset: where to go on; what was written after it is cut off.
  ///   - permissions: of a new file.
  /// - Throws: ``Failure`` of kind `cannotWrite`; `badData` when the file does not reach to the offset.
  public init(path: String, offset: Int = 0, permissions: mode_t = 0o644) throws {
    self.path = path
    self.offset = offset
    // A pipe that nobody reads is refused below, not waited for.
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, permissions)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else { throw Failure.cannotWrite(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(.cannotWrite, at: Location(file: path), "expected a file, found a folder, pipe or device")
    }
    // Cutting at a place behind the end would fill the file with zeros up to there.
    if offset != 0, !(0...Int(status.st_size)).contains(offset) {
      throw Failure(
        .badData, at: Location(file: path), "expected at least \(offset) bytes, found \(status.st_size)",
        hint: "the file was cut or replaced since; put it back")
    }
    guard ftruncate(descriptor, off_t(offset)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw Failure.cannotWrite(path, errno)
    }
  }

  deinit { close(descriptor) }

  /// One JSON object on a line of its own.
  public func writeLine(_ object: JSONObject) throws {
    try write(Array((JSONValue.object(object).text() + "\n").utf8))
  }

  public func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try Self.writeAll($0, to: descriptor, path: path) }
    offset += bytes.count
  }

  /// Makes all that was written, and the file itself, outlast a loss of power.
  public func synchronize() throws {
    guard fsync(descriptor) == 0 else { throw Failure.cannotWrite(path, errno) }
    Folder.synchronize(Folder.parent(of: path))
  }

  /// Every byte, whatever the system takes at a time.
  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
    var rest = bytes
    while let start = rest.baseAddress, rest.count > 0 {
      let count = Foundation.write(descriptor, start, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure.cannotWrite(path, count == 0 ? ENOSPC : errno) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }
}
