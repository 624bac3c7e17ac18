import Basics
import Checkpoints
import Foundation
import Torch

extension LanguageModel {
  /// Writes a Hugging Face folder's files into an existing folder: weights with the adapter merged in, and the
  /// configuration and tokenizer files of the folder that the model is from.
  /// - Parameters:
  ///   - dtype: of the written weights; the stored one when nil.
  ///   - merge: several adapters in place of the attached one.
  public func write(into folder: String, dtype: DType? = nil, merging merge: TIESMerge? = nil) throws {
    let dtype = dtype ?? storedType.dtype
    try copyConfiguration(into: folder, dtype: dtype)
    let projections = Dictionary(
      decoder.projections.map { ("\($0.path).weight", $0) }, uniquingKeysWith: { first, _ in first })
    let sources = try decoder.parameters.names.map { name in
      let tensor = try decoder.parameters[name]
      guard let projection = projections[name], merge != nil || projection.factors != nil else {
        return TensorSource(name: name, tensor: tensor, dtype: dtype)
      }
      return TensorSource(name: name, elementType: dtype.elementType, shape: tensor.shape) { sink in
        let delta = try merge.map { try $0.delta(projection.path) } ?? projection.factors?.delta()
        try projection.weight(adding: delta).converted(to: dtype).contiguous().withBytes { try sink($0) }
      }
    }
    try SafetensorsWriter.writeSharded(sources, to: folder)
  }

  /// The dtypes' names in config.json, under both keys that transformers has used.
  private func copyConfiguration(into target: String, dtype: DType) throws {
    for name in try Folder.names(folder) where Self.isConfiguration(name) {
      let source = try MappedFile(path: "\(folder)/\(name)")
      let file = try AtomicFile(path: "\(target)/\(name)")
      if name == "config.json",
        var object = try JSONParser.parse(file: source.path).objectValue
      {
        for key in ["dtype", "torch_dtype"] where object[key] != nil { object[key] = .string(dtype.rawValue) }
        if !architecture.tiesHead, object.has("tie_word_embeddings") { object["tie_word_embeddings"] = .bool(false) }
        try file.write(JSONValue.object(object).text(indented: true) + "\n")
      } else {
        try withExtendedLifetime(source) { try file.write(source.bytes) }
      }
      try file.commit()
    }
  }

  private static func isConfiguration(_ name: String) -> Bool {
    let kept = [
      "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
      "added_tokens.json", "vocab.json", "merges.txt", "tokenizer.model", "chat_template.jinja", "LICENSE",
    ]
    return kept.contains(name)
  }
}

extension Projection {
  /// W + ΔW in float32.
  fileprivate func weight(adding delta: Tensor?) throws -> Tensor {
    try withoutGradient {
      let base = try weight.detached().converted(to: .float32)
      return try delta.map { try base.adding($0) } ?? base
    }
  }
}
