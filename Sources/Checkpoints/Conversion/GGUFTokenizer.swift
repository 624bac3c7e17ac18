import Basics

/// `tokenizer.json` and its companions, rebuilt from the vocabulary of a GGUF file so that ids equal those that
/// transformers gives when it loads the file itself.
struct GGUFTokenizer {
  let special: GGUFSpecialTokens
  /// `tokenizer.json`.
  let document: JSONValue
  /// `tokenizer_config.json`.
  let configuration: JSONValue
  /// `special_tokens_map.json`.
  let specialTokensMap: JSONValue

  init(_ file: GGUFFile, _ shape: GGUFModelShape) throws {
    let vocabulary = try GGUFVocabulary(file)
    special = try GGUFSpecialTokens(file, tokens: vocabulary.tokens)
    let parts: TokenizerParts
    switch try file.string("tokenizer.ggml.model") {
    case "gpt2":
      parts = try .byteLevel(
        file, vocabulary, keepsSpelling: shape.architecture == .olmo, normalizesText: shape.architecture == .olmo)
    case "llama": parts = try .sentencePiece(file, vocabulary)
    case let model:
      throw Failure(
        .badData, at: file.location("tokenizer.ggml.model"),
        "expected a tokenizer of kind gpt2 or llama, found \(model.map { "'\($0.shown)'" } ?? "none")")
    }
    let added = parts.added(vocabulary, special)
    document = [
      "version": "1.0",
      "truncation": nil,
      "padding": nil,
      "added_tokens": .array(added.map { .object(JSONObject([("id", .integer($0.id))] + $0.fields)) }),
      "normalizer": parts.normalizer,
      "pre_tokenizer": parts.preTokenizer,
      "post_processor": Self.postProcessor(special),
      "decoder": parts.decoder,
      "model": parts.model,
    ]
    specialTokensMap = .object(JSONObject(special.roles.map { ($0.name, .string($0.token.text)) }))
    var fields: [(String, JSONValue)] = [
      ("added_tokens_decoder", .object(JSONObject(added.map { (String($0.id), .object(JSONObject($0.fields))) })))
    ]
    fields += special.roles.map { ($0.name, .string($0.token.text)) }
    if let template = try file.string("tokenizer.chat_template") { fields.append(("chat_template", .string(template))) }
    fields += [
      ("clean_up_tokenization_spaces", false),
      ("model_max_length", .integer(shape.positions)),
      ("tokenizer_class", "PreTrainedTokenizerFast"),
    ]
    configuration = .object(JSONObject(fields))
  }

  /// Adds the tokens that begin and end a text.
  private static func postProcessor(_ special: GGUFSpecialTokens) -> JSONValue {
    let begin = special.addsBegin ? special.begin : nil
    let end = special.addsEnd ? special.end : nil
    func piece(_ token: GGUFSpecialTokens.Token?, _ type: JSONValue) -> [JSONValue] {
      token.map { [["SpecialToken": ["id": .string($0.text), "type_id": type]]] } ?? []
    }
    func sequence(_ id: JSONValue, _ type: JSONValue) -> [JSONValue] {
      piece(begin, type) + [["Sequence": ["id": id, "type_id": type]]] + piece(end, type)
    }
    let used = [begin, end].compactMap { $0 }.map { token -> (String, JSONValue) in
      (token.text, ["id": .string(token.text), "ids": [.integer(token.id)], "tokens": [.string(token.text)]])
    }
    return [
      "type": "TemplateProcessing",
      "single": .array(sequence("A", 0)),
      "pair": .array(sequence("A", 0) + sequence("B", 1)),
      "special_tokens": .object(JSONObject(used)),
    ]
  }
}
