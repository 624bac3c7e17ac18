import Foundation

/// Writes a file aside, fsyncs it, and renames it into place: a reader sees the old file or the whole new one.
///
/// A link to a file is followed. What is no file, a terminal, a pipe, is written to as it is, and so is a descriptor that
/// is open already, `/dev/stdout`, even where it leads to a file.
public final class AtomicFile {
  public let path: String
  /// Where the file is to be, links followed; nil where it is written to directly.
  private let target: String?
  private let temporary: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 20

  /// Creates the file that is written aside, in the folder of `path` (which must exist).
  /// - Parameter inputs: files that are read, and must not be replaced.
  /// - Throws: ``Failure`` of kind `cannotWrite`.
  public init(path: String, keeping inputs: [String] = []) throws {
    self.path = path
    if let input = inputs.first(where: { Self.isSame($0, path) }) {
      throw Failure(
        .cannotWrite, at: Location(file: path), "the file would replace \(input == path ? "its own input" : input)",
        hint: "choose another --output")
    }
    guard !path.isEmpty else { throw Failure.cannotWrite(path, ENOENT) }
    if let open = Self.openDescriptor(named: path) {
      (target, temporary) = (nil, path)
      descriptor = fcntl(open, F_DUPFD_CLOEXEC, 0)
      guard descriptor >= 0 else { throw Failure.cannotWrite(path, errno) }
      return
    }
    var status = stat()
    let exists = stat(path, &status) == 0
    guard !exists || status.st_mode & S_IFMT != S_IFDIR else { throw Failure.cannotWrite(path, EISDIR) }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      (target, temporary) = (nil, path)
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      let place = exists ? URL(fileURLWithPath: path).resolvingSymlinksInPath().path : path
      (target, temporary) = (place, Aside.path(for: place))
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      if descriptor >= 0 { Aside.remember(temporary) }
    }
    guard descriptor >= 0 else { throw Failure.cannotWrite(path, errno) }
  }

  /// Whether both paths lead to one file that is there.
  private static func isSame(_ first: String, _ second: String) -> Bool {
    var (one, other) = (stat(), stat())
    guard stat(first, &one) == 0, stat(second, &other) == 0, one.st_mode & S_IFMT == S_IFREG else { return false }
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino
  }

  /// The number in `/dev/stdout`, `/dev/stderr`, `/dev/fd/3`: a new opening of the file behind it would start at its
  /// beginning, or put another file in its place.
  private static func openDescriptor(named path: String) -> Int32? {
    if let number = ["/dev/stdout": STDOUT_FILENO, "/dev/stderr": STDERR_FILENO][path] { return number }
    for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
      return Int32(path.dropFirst(folder.count))
    }
    return nil
  }

  /// Removes what was written aside unless ``commit()`` was reached.
  deinit {
    if descriptor >= 0 {
      close(descriptor)
      if target != nil {
        unlink(temporary)
        Aside.forget(temporary)
      }
    }
  }

  public func write(_ text: String) throws { try write(Array(text.utf8)) }

  public func write(_ bytes: [UInt8]) throws {
    if buffer.count + bytes.count > Self.bufferSize { try flush() }
    if bytes.count > Self.bufferSize {
      try bytes.withUnsafeBytes { try writeNow($0) }
    } else {
      buffer += bytes
    }
  }

  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    try flush()
    try writeNow(bytes)
  }

  /// Flushes, fsyncs the file, renames it to ``path`` and fsyncs the folder.
  public func commit() throws {
    try flush()
    guard let target else {
      let failed = close(descriptor) != 0
      descriptor = -1
      if failed { throw Failure.cannotWrite(path, errno) }
      return
    }
    guard fsync(descriptor) == 0 else { throw Failure.cannotWrite(path, errno) }
    guard close(descriptor) == 0 else {
      descriptor = -1
      unlink(temporary)
      throw Failure.cannotWrite(path, errno)
    }
    descriptor = -1
    guard rename(temporary, target) == 0 else {
      let code = errno
      unlink(temporary)
      throw Failure.cannotWrite(path, code)
    }
    Aside.forget(temporary)
    Folder.synchronize(Folder.parent(of: target))
  }

  /// A whole file at once.
  public static func write(_ text: String, to path: String, keeping inputs: [String] = []) throws {
    let file = try AtomicFile(path: path, keeping: inputs)
    try file.write(text)
    try file.commit()
  }

  private func flush() throws {
    guard !buffer.isEmpty else { return }
    try buffer.withUnsafeBytes { try writeNow($0) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func writeNow(_ bytes: UnsafeRawBufferPointer) throws {
    try AppendOnlyFile.writeAll(bytes, to: descriptor, path: path)
  }
}
