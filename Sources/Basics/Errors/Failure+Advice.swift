/// What to do about a failure: its own hint, or what is known of all failures of its kind.
extension Failure {
  public var advice: String { hint ?? general }

  private var general: String {
    switch kind {
    case .usage: "the command's --help shows every option with its values"
    case .badData: Self.advice(onFile: location.file ?? "")
    case .missingInput: "check the path, and that you may read it"
    case .fault: "this should not happen; please report it with the command and the output of 'unlearn doctor'"
    case .cannotWrite: "check the path, the free space, and that you may write there"
    case .stopped: "the command with --resume and the run's folder goes on"
    }
  }

  private static func advice(onFile path: String) -> String {
    adviceOnFiles.first { $0.ends.contains(where: path.hasSuffix) }?.advice
      ?? "the command's --help says what its input holds"
  }

  /// By what the file is, which the end of its name tells; the first that fits.
  private static let adviceOnFiles: [(ends: [String], advice: String)] = [
    (
      ["config.json", "tokenizer.json", "special_tokens_map.json"],
      "the folder should be as Hugging Face's libraries save it; fetch or save it again"
    ),
    (
      [".safetensors.index.json"],
      "the index should name every tensor and the shard that holds it; fetch the folder again"
    ),
    ([".safetensors", ".gguf"], "the file may be damaged, or not what its name says; fetch or write it again"),
    ([".yaml", ".yml"], "'unlearn config explain' says what each key means and which values it takes"),
  ]
}
