import Foundation

/// A whole file mapped read-only into memory; unmapped when the last reference goes.
public final class MappedFile: @unchecked Sendable {
  public let path: String
  /// Valid as long as this object is: keep it alive (`withExtendedLifetime`) around every use.
  public let bytes: UnsafeRawBufferPointer

  /// - Throws: ``Failure`` of kind `missingInput` when the file is not there, is a folder or cannot be read.
  public init(path: String) throws {
    self.path = path
    // A pipe that nobody writes into is refused below, not waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Failure.cannotRead(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure.cannotRead(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(.missingInput, at: Location(file: path), "expected a file, found a folder or device")
    }
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
      throw Failure.cannotRead(path, errno)
    }
    bytes = UnsafeRawBufferPointer(start: address, count: count)
  }

  deinit {
    if let address = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: address), bytes.count) }
  }
}

extension Failure {
  /// A file that cannot be opened or read, from `errno`.
  public static func cannotRead(_ path: String, _ code: Int32) -> Failure {
    if path.isEmpty { return emptyPath(.missingInput) }
    return switch code {
    case ENOTDIR where access(path, F_OK) == 0:
      Failure(
        .missingInput, at: Location(file: path), "expected a folder, found a file", hint: "give the path of a folder")
    case ENOENT, ENOTDIR:
      Failure(
        .missingInput, at: Location(file: path), "no such file or folder", hint: "check the spelling of the path")
    case EACCES, EPERM: Failure(.missingInput, at: Location(file: path), "no permission to read")
    default: Failure(.missingInput, at: Location(file: path), "cannot read: \(String(cString: strerror(code)))")
    }
  }

  /// A file or folder that cannot be written, from `errno`.
  public static func cannotWrite(_ path: String, _ code: Int32) -> Failure {
    if path.isEmpty { return emptyPath(.cannotWrite) }
    let hint: String? =
      switch code {
      case ENOSPC, EDQUOT: "free some space, or write to another disk"
      case EACCES, EPERM, EROFS: "choose a folder that you may write to"
      case ENOENT, ENOTDIR: "create the parent folder first, and check the spelling of the path"
      default: nil
      }
    return Failure(
      .cannotWrite, at: Location(file: path), "cannot write: \(String(cString: strerror(code)))", hint: hint)
  }

  private static func emptyPath(_ kind: Kind) -> Failure {
    Failure(kind, "expected a path, found an empty text", hint: "give every option that names a file or folder a value")
  }
}
