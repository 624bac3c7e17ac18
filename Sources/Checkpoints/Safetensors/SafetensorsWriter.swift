import Basics

/// Writes safetensors files: aside, fsynced and renamed into place, equal bytes for equal input.
public enum SafetensorsWriter {
  /// The order of the tensors in a file.
  public enum Order: Sendable {
    /// As the reference writer: wider element types first, then names by bytes.
    case reference
    /// As given.
    case given
  }

  /// Hugging Face's limit for one file: 5 GB.
  public static let defaultMaximumShardSize = 5_000_000_000

  /// Writes one file; each tensor is asked for its bytes when its turn comes.
  /// - Throws: ``Failure`` of kind `cannotWrite`, or `fault` when names repeat or a tensor gives too few or too many
  ///   bytes; whatever a tensor's closure throws. Nothing is left at `path` then (or the old file is).
  public static func write(
    _ tensors: [TensorSource], to path: String, metadata: [String: String] = ["format": "pt"],
    order: Order = .reference
  ) throws {
    let location = Location(file: path)
    let layout = try SafetensorsLayout(tensors, metadata: metadata, order: order, at: location)
    let file = try AtomicFile(path: path)
    try file.write(layout.header)
    for position in layout.order {
      let tensor = tensors[position]
      var written = 0
      try tensor.produce { bytes in
        written += bytes.count
        guard written <= layout.byteCounts[position] else { return }
        try file.write(bytes)
      }
      guard written == layout.byteCounts[position] else {
        throw Failure(
          .fault, at: location.appending(field: tensor.name.shown),
          "expected \(layout.byteCounts[position]) bytes for \(tensor.elementType) \(tensor.shape.shapeText),"
            + " found \(written)")
      }
    }
    try file.commit()
  }

  /// Writes `model.safetensors`, or shards and their index when the tensors together are larger than the limit.
  ///
  /// Shards are filled in the order given and named `model-00001-of-0000N.safetensors`; a tensor larger than the limit
  /// gets a shard of its own. The index is written last.
  /// - Parameter folder: must exist.
  /// - Returns: the names of the files written.
  @discardableResult
  public static func writeSharded(
    _ tensors: [TensorSource], to folder: String, maximumShardSize: Int = defaultMaximumShardSize,
    metadata: [String: String] = ["format": "pt"]
  ) throws -> [String] {
    let location = Location(file: folder)
    // Checks names and sizes over all shards before the first byte is written.
    let layout = try SafetensorsLayout(tensors, metadata: metadata, order: .given, at: location)
    let shards = split(layout.byteCounts, maximumShardSize)
    guard shards.count > 1 else {
      try write(tensors, to: "\(folder)/model.safetensors", metadata: metadata)
      return ["model.safetensors"]
    }
    var names: [String] = []
    var weightMap: [(String, JSONValue)] = []
    for (index, shard) in shards.enumerated() {
      let name = "model-\(padded(index + 1))-of-\(padded(shards.count)).safetensors"
      try write(shard.map { tensors[$0] }, to: "\(folder)/\(name)", metadata: metadata)
      weightMap += shard.map { (tensors[$0].name, .string(name)) }
      names.append(name)
    }
    weightMap.sort { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
    let index: JSONValue = [
      "metadata": ["total_size": .integer(layout.byteCounts.reduce(0, +))],
      "weight_map": .object(JSONObject(weightMap)),
    ]
    try AtomicFile.write(index.text(indented: true) + "\n", to: "\(folder)/\(Checkpoint.indexName)")
    return names + [Checkpoint.indexName]
  }

  /// Positions of the tensors of each shard.
  private static func split(_ byteCounts: [Int], _ limit: Int) -> [[Int]] {
    var shards: [[Int]] = []
    var current: [Int] = []
    var size = 0
    for (position, count) in byteCounts.enumerated() {
      if count > limit {
        shards.append([position])
        continue
      }
      if size + count > limit {
        shards.append(current)
        current = []
        size = 0
      }
      current.append(position)
      size += count
    }
    return current.isEmpty ? shards : shards + [current]
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}
