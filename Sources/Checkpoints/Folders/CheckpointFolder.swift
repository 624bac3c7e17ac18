import Basics

/// What a model folder holds, judged by names alone.
struct CheckpointFolder {
  enum Form { case single, sharded }

  let folder: String
  let form: Form
  /// `model-00001-of-00002.safetensors` and the like.
  let shardNames: [String]
  /// Every file of tensors that a shard might be: of a sharded folder the index must list them all. Not an adapter, and
  /// not the file in which a publisher keeps the same tensors once more.
  let tensorNames: [String]
  private let names: Set<String>

  init(_ folder: String) throws {
    self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    if folder.hasSuffix(".gguf"), !Folder.exists(folder) {
      throw Failure(
        .missingInput, at: Location(file: folder), "expected a model folder, found the name of a GGUF file",
        hint: "unlearn convert \(folder) OUTDIR")
    }
    let listed = try Folder.names(folder)
    names = Set(listed)
    shardNames = listed.filter(Self.isShard)
    tensorNames = listed.filter { name in
      name.hasSuffix(".safetensors") && !["adapter_model", "consolidated"].contains(where: name.hasPrefix)
    }
    let location = Location(file: folder)
    switch (names.contains(Checkpoint.fileName), names.contains(Checkpoint.indexName)) {
    case (true, true):
      throw Failure(
        .badData, at: location, "holds both \(Checkpoint.fileName) and \(Checkpoint.indexName)",
        hint: "remove the one that does not belong to the model")
    case (true, false):
      if let extra = shardNames.first {
        throw Failure(
          .badData, at: Location(file: "\(self.folder)/\(extra)"),
          "an extra shard next to \(Checkpoint.fileName)", hint: "remove the one that does not belong to the model")
      }
      form = .single
    case (false, true): form = .sharded
    case (false, false): throw Self.nothing(in: listed, shardNames, at: location)
    }
  }

  func path(_ name: String) -> String { folder == "/" ? "/\(name)" : "\(folder)/\(name)" }
  func contains(_ name: String) -> Bool { names.contains(name) }

  private static func isShard(_ name: String) -> Bool {
    guard name.hasPrefix("model-"), name.hasSuffix(".safetensors") else { return false }
    return name.dropFirst("model-".count).dropLast(".safetensors".count).contains("-of-")
  }

  /// The reason a folder without tensors is refused.
  private static func nothing(in names: [String], _ shardNames: [String], at location: Location) -> Failure {
    if !shardNames.isEmpty {
      return Failure(
        .missingInput, at: location, "holds shards but no \(Checkpoint.indexName)", hint: "fetch the whole folder again"
      )
    }
    if let pickle = names.first(where: { [".bin", ".pt", ".pth"].contains(where: $0.hasSuffix) }) {
      return Failure(
        .missingInput, at: location,
        "expected \(Checkpoint.fileName), found \(pickle.shown); pickle files are not read",
        hint: "convert it with Python: AutoModelForCausalLM.from_pretrained(DIR).save_pretrained(NEWDIR)")
    }
    if let gguf = names.first(where: { $0.hasSuffix(".gguf") }) {
      return Failure(
        .missingInput, at: location, "expected \(Checkpoint.fileName), found only GGUF files",
        hint: "unlearn convert \(location.file ?? "")/\(gguf.shown) OUTDIR")
    }
    return Failure(
      .missingInput, at: location, "expected \(Checkpoint.fileName) or \(Checkpoint.indexName), found neither",
      hint: "give the folder that holds config.json and the model's tensors")
  }
}
