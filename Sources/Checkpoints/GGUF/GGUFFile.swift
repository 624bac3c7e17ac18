import Basics

/// A GGUF file (versions 2 and 3, little-endian), mapped and with its header validated; no tensor is read.
public final class GGUFFile: Sendable {
  /// Keeps the bytes of every tensor alive.
  public let file: MappedFile
  public let version: UInt32
  public let metadata: [String: GGUFValue]
  /// In the order of the file.
  public let tensors: [GGUFTensor]
  private let positions: [String: Int]

  public var path: String { file.path }

  /// Maps the file and validates its header: counts, names, types and shapes, and that every tensor lies aligned in the
  /// file without overlap.
  /// - Throws: ``Failure`` of kind `missingInput` when the file cannot be read, `badData` when it is not valid.
  public init(path: String) throws {
    file = try MappedFile(path: path)
    let location = Location(file: path)
    var cursor = GGUFCursor(file.bytes, at: location)
    version = try Self.version(&cursor)
    let tensorCount = try cursor.count(ofAtLeast: GGUFTensorClaim.minimumByteCount, "the number of tensors")
    // A key's length, a value's type and a value of one byte.
    let metadataCount = try cursor.count(ofAtLeast: 8 + 4 + 1, "the number of metadata values")
    metadata = try Self.metadata(metadataCount, &cursor)
    var claims: [GGUFTensorClaim] = []
    for _ in 0..<tensorCount { claims.append(try GGUFTensorClaim(&cursor)) }
    let alignment = try Self.alignment(metadata, at: location)
    tensors = try Self.place(claims, headerEnd: cursor.position, fileLength: file.bytes.count, alignment, at: location)
    var positions: [String: Int] = [:]
    for (position, tensor) in tensors.enumerated() {
      guard positions.updateValue(position, forKey: tensor.name) == nil else {
        throw Failure(.badData, at: location.appending(field: tensor.name.shown), "the tensor appears twice")
      }
    }
    self.positions = positions
  }

  public func tensor(named name: String) -> GGUFTensor? { positions[name].map { tensors[$0] } }

  /// The tensor's blocks, in place; valid as long as this object is.
  /// - Throws: ``Failure`` of kind `fault` when the tensor is not from this file.
  public func bytes(of tensor: GGUFTensor) throws -> UnsafeRawBufferPointer {
    guard self.tensor(named: tensor.name) == tensor else {
      throw Failure(.fault, at: Location(file: path, field: tensor.name.shown), "the tensor is not from this file")
    }
    return UnsafeRawBufferPointer(rebasing: file.bytes[tensor.byteRange])
  }

  private static func version(_ cursor: inout GGUFCursor) throws -> UInt32 {
    let location = cursor.location
    let hint = "give a .gguf file as llama.cpp and Hugging Face publish them"
    let magic = try cursor.integer(UInt32.self, "the magic number")
    guard magic == 0x4655_4747 else {
      throw Failure(.badData, at: location, "expected a GGUF file, found another kind of file", hint: hint)
    }
    let version = try cursor.integer(UInt32.self, "the version")
    guard version != 0, version & 0xFFFF != 0 else {
      throw Failure(.badData, at: location, "expected a little-endian GGUF file, found a big-endian one", hint: hint)
    }
    guard version == 2 || version == 3 else {
      throw Failure(.badData, at: location, "expected GGUF version 2 or 3, found version \(version)", hint: hint)
    }
    return version
  }

  private static func metadata(_ count: Int, _ cursor: inout GGUFCursor) throws -> [String: GGUFValue] {
    var metadata: [String: GGUFValue] = [:]
    for _ in 0..<count {
      let key = try cursor.string("a metadata key", maximumLength: 65_535)
      let type = try cursor.valueType("'\(key.shown)'")
      let value = try cursor.value(type, "'\(key.shown)'")
      guard metadata.updateValue(value, forKey: key) == nil else {
        throw Failure(.badData, at: cursor.location.appending(field: key.shown), "the metadata key appears twice")
      }
    }
    return metadata
  }

  private static func alignment(_ metadata: [String: GGUFValue], at location: Location) throws -> Int {
    let key = "general.alignment"
    guard let value = metadata[key] else { return 32 }
    guard case .integer(let alignment) = value, (1...(1 << 30)).contains(alignment), alignment & (alignment - 1) == 0
    else {
      throw Failure(.badData, at: location.appending(field: key), "expected a power of two of at most 2^30")
    }
    return Int(alignment)
  }

  /// Gives every tensor its place once all places are known to be sound.
  private static func place(
    _ claims: [GGUFTensorClaim], headerEnd: Int, fileLength: Int, _ alignment: Int, at location: Location
  ) throws -> [GGUFTensor] {
    // Cannot overflow: a file's length is far below 2^63 - 2^30.
    let dataStart = (headerEnd + alignment - 1) / alignment * alignment
    let available = max(0, fileLength - dataStart)
    let tensors = try claims.map { claim in
      let place = location.appending(field: claim.name.shown)
      guard claim.offset % UInt64(alignment) == 0 else {
        throw Failure(
          .badData, at: place, "expected an offset that is a multiple of \(alignment), found \(claim.offset)")
      }
      guard claim.byteCount <= available, claim.offset <= UInt64(available - claim.byteCount) else {
        throw Failure(
          .badData, at: place,
          "\(claim.type) \(claim.shape.shapeText) takes \(claim.byteCount) bytes at offset \(claim.offset),"
            + " but the file holds \(available) bytes of tensors",
          hint: "the file may be cut short; fetch it again")
      }
      let start = dataStart + Int(claim.offset)
      return GGUFTensor(
        name: claim.name, type: claim.type, shape: claim.shape, byteRange: start..<start + claim.byteCount)
    }
    var end = 0
    for tensor in tensors.sorted(by: { $0.byteRange.lowerBound < $1.byteRange.lowerBound }) {
      guard tensor.byteRange.lowerBound >= end else {
        throw Failure(.badData, at: location.appending(field: tensor.name.shown), "the tensor overlaps another")
      }
      end = tensor.byteRange.upperBound
    }
    return tensors
  }
}
