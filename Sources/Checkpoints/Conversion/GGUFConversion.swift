import Basics

/// Turns a GGUF file into a Hugging Face model folder.
public enum GGUFConversion {
  /// Writes `config.json`, `generation_config.json`, the tokenizer's files and the tensors, as one folder that appears
  /// whole or not at all.
  ///
  /// Everything that can be wrong with the file is found before the folder is begun.
  /// - Parameters:
  ///   - path: the GGUF file.
  ///   - folder: must not exist, or be empty.
  ///   - elementType: `float32` loses nothing; `bfloat16` and `float16` round to nearest.
  ///   - maximumShardSize: bytes of a file above which the tensors are split over several.
  ///   - progress: told of every tensor written.
  /// - Throws: ``Failure`` of kind `missingInput`, `badData`, `usage` or `cannotWrite`.
  public static func convert(
    gguf path: String, to folder: String, elementType: ElementType = .float32,
    maximumShardSize: Int = SafetensorsWriter.defaultMaximumShardSize, progress: ProgressObserver = SilentObserver()
  ) throws {
    guard FloatEncoding.supports(elementType) else {
      throw Failure(.usage, "expected an element type of F32, BF16 or F16, found \(elementType)")
    }
    let file = try GGUFFile(path: path)
    let shape = try GGUFModelShape(file)
    let plan = try GGUFTensorPlan(file, shape)
    let tokenizer = try GGUFTokenizer(file, shape)
    let configuration = GGUFConfiguration(shape, tokens: tokenizer.special, elementType: elementType)
    let documents: [(name: String, value: JSONValue)] = [
      ("config.json", configuration.model),
      ("generation_config.json", configuration.generation),
      ("tokenizer.json", tokenizer.document),
      ("tokenizer_config.json", tokenizer.configuration),
      ("special_tokens_map.json", tokenizer.specialTokensMap),
    ]
    let sources = plan.items.map { item in
      let expansion = GGUFTensorExpansion(item, in: file, elementType: elementType)
      return TensorSource(name: item.name, elementType: elementType, shape: item.tensor.shape) { sink in
        try expansion.produce(sink)
        progress.advance(by: 1, detail: nil)
      }
    }
    progress.begin("convert", total: sources.count, unit: "tensors")
    try Folder.writeAtomically(folder) { aside in
      try SafetensorsWriter.writeSharded(sources, to: aside, maximumShardSize: maximumShardSize)
      for (name, value) in documents {
        try AtomicFile.write(value.text(indented: true) + "\n", to: "\(aside)/\(name)")
      }
    }
    progress.finish()
  }
}
