import Basics

/// The tensors of a Hugging Face model folder: one `model.safetensors`, or shards with their index.
///
/// Opening validates every header and that index and shards agree; no tensor is read.
public final class Checkpoint: Sendable {
  static let fileName = "model.safetensors"
  static let indexName = "model.safetensors.index.json"

  public let folder: String
  /// The files, in the order of the index.
  public let files: [SafetensorsFile]
  /// Every tensor's name, file by file and in the order of the headers.
  public let names: [String]
  private let fileOfName: [[UInt8]: Int]

  /// - Throws: ``Failure`` of kind `missingInput` when the folder, its tensors or a shard are not there, `badData` when a
  ///   file is not valid, or index and shards disagree.
  public init(folder: String) throws {
    self.folder = folder
    let present = try CheckpointFolder(folder)
    switch present.form {
    case .single:
      files = [try SafetensorsFile(path: present.path(Self.fileName))]
    case .sharded:
      files = try Self.openShards(present)
    }
    var fileOfName: [[UInt8]: Int] = [:]
    for (position, file) in files.enumerated() {
      for entry in file.entries { fileOfName[Array(entry.name.utf8)] = position }
    }
    self.fileOfName = fileOfName
    names = files.flatMap { $0.entries.map(\.name) }
  }

  private static func openShards(_ present: CheckpointFolder) throws -> [SafetensorsFile] {
    let indexPath = present.path(indexName)
    let index = try CheckpointIndex(path: indexPath)
    let listed = Set(index.shards.map(\.name))
    if let extra = present.tensorNames.first(where: { !listed.contains($0) }) {
      throw Failure(
        .badData, at: Location(file: present.path(extra)), "the shard is not listed in \(indexName)",
        hint: "remove it, or restore the index it belongs to")
    }
    for shard in index.shards where !present.contains(shard.name) {
      throw Failure(
        .missingInput, at: Location(file: present.path(shard.name)), "the shard is listed in \(indexName) but missing",
        hint: "fetch the whole folder again")
    }
    return try index.shards.map { shard in
      let file = try SafetensorsFile(path: present.path(shard.name))
      let listed = Set(shard.tensors.map { Array($0.utf8) })
      for name in shard.tensors where file.entry(named: name) == nil {
        throw Failure(
          .badData, at: Location(file: file.path, field: name.shown),
          "the tensor is listed in \(indexName) but missing in the shard")
      }
      for entry in file.entries where !listed.contains(Array(entry.name.utf8)) {
        throw Failure(
          .badData, at: Location(file: file.path, field: entry.name.shown),
          "the tensor is in the shard but \(indexName) does not list it there")
      }
      return file
    }
  }

  private func file(named name: String) -> SafetensorsFile? { fileOfName[Array(name.utf8)].map { files[$0] } }

  /// The tensor of this name, compared byte by byte; nil when there is none. Its byte range counts from the start of its
  /// own file.
  public func entry(named name: String) -> TensorEntry? { file(named: name)?.entry(named: name) }

  /// The bytes of a tensor, in place; valid as long as this object is.
  /// - Throws: ``Failure`` of kind `fault` when the entry is not from this checkpoint.
  public func bytes(of entry: TensorEntry) throws -> UnsafeRawBufferPointer {
    guard let file = file(named: entry.name) else {
      throw Failure(.fault, at: location(entry.name), "the tensor is not from this checkpoint")
    }
    return try file.bytes(of: entry)
  }

  /// The tensor, which must be there and have this shape and one of these element types (any when nil).
  /// - Throws: ``Failure`` of kind `badData` naming the file and the tensor, what was expected and what was found.
  public func require(_ name: String, shape: [Int], elementTypes: [ElementType]? = nil) throws -> TensorEntry {
    guard let entry = entry(named: name) else {
      throw Failure(
        .badData, at: Location(file: folder, field: name.shown), "the tensor is missing",
        hint: "the folder's config.json describes a model that these files do not hold")
    }
    guard entry.shape == shape else {
      throw Failure(
        .badData, at: location(name), "expected shape \(shape.shapeText), found \(entry.shape.shapeText)",
        hint: "the folder's config.json describes a model that these files do not hold")
    }
    if let elementTypes, !elementTypes.contains(entry.elementType) {
      let expected = elementTypes.map(\.rawValue).joined(separator: " or ")
      throw Failure(.badData, at: location(name), "expected elements of type \(expected), found \(entry.elementType)")
    }
    return entry
  }

  /// The file and name of a tensor, for messages.
  public func location(_ name: String) -> Location {
    Location(file: file(named: name)?.path ?? folder, field: name.shown)
  }
}
