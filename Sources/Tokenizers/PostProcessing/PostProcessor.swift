import Basics

/// The `post_processor` of tokenizer.json, for one text: which special tokens go around its ids.
indirect enum PostProcessor: Sendable {
  enum TemplatePiece: Sendable {
    case text
    case tokens([Int])
  }

  /// Only trims offsets in the reference: ids stay as they are.
  case byteLevel
  case template([TemplatePiece])
  case sequence([PostProcessor])

  private static let supported = [
    "ByteLevel", "TemplateProcessing", "BertProcessing", "RobertaProcessing", "Sequence",
  ]

  /// - Throws: ``Failure`` naming an unknown `type` and the supported ones, or a field that is wrong.
  init(_ component: Component) throws {
    switch component.type {
    case "ByteLevel": self = .byteLevel
    case "TemplateProcessing": self = .template(try Self.template(component))
    case "BertProcessing", "RobertaProcessing":
      self = .template([
        .tokens([try Self.pairedID(component, "cls")]), .text, .tokens([try Self.pairedID(component, "sep")]),
      ])
    case "Sequence": self = .sequence(try component.parts("processors").map(PostProcessor.init))
    default: throw component.unsupported("post-processor", Self.supported)
    }
  }

  /// The largest id that it adds; nil where it adds none.
  var largestID: Int? {
    switch self {
    case .byteLevel: nil
    case .template(let pieces):
      pieces.compactMap { if case .tokens(let ids) = $0 { ids.max() } else { nil } }.max()
    case .sequence(let processors): processors.compactMap(\.largestID).max()
    }
  }

  /// The ids with their special tokens.
  func apply(_ ids: [Int], addSpecialTokens: Bool) -> [Int] {
    switch self {
    case .byteLevel: return ids
    case .template(let pieces):
      var result: [Int] = []
      result.reserveCapacity(ids.count + 4)
      for piece in pieces {
        switch piece {
        case .text: result += ids
        case .tokens(let tokens): if addSpecialTokens { result += tokens }
        }
      }
      return result
    case .sequence(let processors):
      return processors.reduce(ids) { $1.apply($0, addSpecialTokens: addSpecialTokens) }
    }
  }

  /// The `single` template: `{"Sequence": {"id": "A"}}` and `{"SpecialToken": {"id": name}}`.
  private static func template(_ component: Component) throws -> [TemplatePiece] {
    let special = try component.fields.object("special_tokens", at: component.location)
    return try component.fields.array("single", at: component.location).enumerated().map { index, value in
      let place = component.location.appending(field: "single[\(index)]")
      guard let entry = value.objectValue?.entries.first, let fields = entry.value.objectValue else {
        throw Failure.mismatch(at: place, expected: "an object 'Sequence' or 'SpecialToken'", found: value.kindName)
      }
      let inner = place.appending(field: entry.key)
      let name = try fields.string("id", at: inner)
      switch entry.key {
      case "Sequence":
        guard name == "A" else {
          throw Failure.mismatch(at: inner.appending(field: "id"), expected: "'A'", found: "'\(name.shown)'")
        }
        return .text
      case "SpecialToken":
        let tokenPlace = component.location.appending(field: "special_tokens.\(name)")
        guard let token = special[name]?.objectValue else {
          throw Failure(.badData, at: tokenPlace, "the special token of the template is missing")
        }
        return .tokens(
          try token.array("ids", at: tokenPlace).enumerated().map {
            try Vocabulary.checkedID($1, at: tokenPlace.appending(field: "ids[\($0)]"))
          })
      default:
        throw Failure.mismatch(at: place, expected: "'Sequence' or 'SpecialToken'", found: "'\(entry.key.shown)'")
      }
    }
  }

  /// A field such as `["[CLS]", 101]`.
  private static func pairedID(_ component: Component, _ key: String) throws -> Int {
    let pair = try component.fields.array(key, at: component.location)
    let place = component.location.appending(field: key)
    guard pair.count == 2, pair[0].stringValue != nil else {
      throw Failure.mismatch(at: place, expected: "a token and its id", found: "an array of \(pair.count)")
    }
    return try Vocabulary.checkedID(pair[1], at: place)
  }
}
