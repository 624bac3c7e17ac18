import Basics

/// A safetensors file, mapped and with its header validated; tensors are read in place.
public final class SafetensorsFile: Sendable {
  /// Keeps the bytes of every tensor alive.
  public let file: MappedFile
  /// The tensors in the order of the header.
  public let entries: [TensorEntry]
  /// The header's `__metadata__`; empty when there is none.
  public let metadata: [String: String]
  private let positions: [[UInt8]: Int]

  public var path: String { file.path }

  /// Maps the file and validates its header; no tensor is read.
  /// - Throws: ``Failure`` of kind `missingInput` when the file cannot be read, `badData` when it is not valid.
  public init(path: String) throws {
    file = try MappedFile(path: path)
    let header = try SafetensorsHeader(file.bytes, at: Location(file: path))
    entries = header.entries
    metadata = header.metadata
    var positions: [[UInt8]: Int] = [:]
    for (position, entry) in header.entries.enumerated() { positions[Array(entry.name.utf8)] = position }
    self.positions = positions
  }

  /// The tensor of this name, compared byte by byte; nil when there is none.
  public func entry(named name: String) -> TensorEntry? { positions[Array(name.utf8)].map { entries[$0] } }

  /// The tensor's bytes, little-endian and row-major, inside ``file``: valid as long as this object (or ``file``) is.
  /// The start has no particular alignment.
  /// - Throws: ``Failure`` of kind `fault` when the entry is not from this file.
  public func bytes(of entry: TensorEntry) throws -> UnsafeRawBufferPointer {
    guard self.entry(named: entry.name) == entry else {
      throw Failure(.fault, at: Location(file: path, field: entry.name.shown), "the tensor is not from this file")
    }
    return UnsafeRawBufferPointer(rebasing: file.bytes[entry.byteRange])
  }
}
