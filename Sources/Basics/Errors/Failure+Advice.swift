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

  /// By what the file is, which its name tells.
  private static func advice(onFile path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let isModelFile =
      ["tokenizer.json", "special_tokens_map.json"].contains(name) || name.hasSuffix("config.json")
    switch name.split(separator: ".").last {
    case _ where isModelFile:
      return "the folder should be as Hugging Face's libraries save it; fetch or save it again"
    case "safetensors", "gguf": return "the file may be damaged, or not what its name says; fetch or write it again"
    case _ where name.hasSuffix(".safetensors.index.json"):
      return "the index should name every tensor and the shard that holds it; fetch the folder again"
    case "yaml", "yml": return "'unlearn config explain' says what each key means and which values it takes"
    default: return "the command's --help says what its input holds"
    }
  }
}
