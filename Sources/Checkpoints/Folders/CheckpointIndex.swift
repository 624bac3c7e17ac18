import Basics

/// `model.safetensors.index.json`: which shard holds which tensor.
struct CheckpointIndex {
  /// Names of shards in the folder, in order of first mention, each with its tensors.
  let shards: [(name: String, tensors: [String])]

  /// - Throws: ``Failure`` of kind `badData` that names the field, also for a shard outside the folder.
  init(path: String) throws {
    let file = try MappedFile(path: path)
    let location = Location(file: path)
    let document = try withExtendedLifetime(file) { try JSONParser.parse(file.bytes, at: location) }
    guard let object = document.objectValue else {
      throw Failure.mismatch(at: location, expected: "a JSON object", found: document.kindName)
    }
    let map = try object.object("weight_map", at: location)
    let field = location.appending(field: "weight_map")
    guard map.count > 0 else { throw Failure(.badData, at: field, "expected at least one tensor, found none") }
    var positions: [[UInt8]: Int] = [:]
    var shards: [(name: String, tensors: [String])] = []
    for (tensor, value) in map.entries {
      let place = field.appending(field: tensor.shown)
      guard let name = value.stringValue else {
        throw Failure.mismatch(at: place, expected: "the name of a shard", found: value.kindName)
      }
      try Self.check(name, at: place)
      let key = Array(name.utf8)
      if let position = positions[key] {
        shards[position].tensors.append(tensor)
      } else {
        positions[key] = shards.count
        shards.append((name, [tensor]))
      }
    }
    self.shards = shards
  }

  /// A shard must be a plain name in the folder of the index, whether or not the file exists.
  private static func check(_ name: String, at location: Location) throws {
    let separators: Set<UInt8> = [UInt8(ascii: "/"), UInt8(ascii: "\\"), 0]
    guard !name.utf8.contains(where: separators.contains) else {
      throw Failure(
        .badData, at: location, "expected a file name in the same folder, found '\(name.shown)'",
        hint: "a shard may not lie outside the folder of the index")
    }
    guard name.hasSuffix(".safetensors") else {
      throw Failure(.badData, at: location, "expected a .safetensors file, found '\(name.shown)'")
    }
  }
}
