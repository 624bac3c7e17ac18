import Basics

/// A document whose membership is asked about.
public struct MembershipDocument: Sendable, Equatable {
  /// `id` where the file has one, else the row's number from 1.
  public var id: String
  public var text: String

  public init(id: String, text: String) {
    self.id = id
    self.text = text
  }

  /// Rows `{id?, document}` or `{text}`, as JSON lines or one JSON array; an array may also hold the bare texts.
  /// - Throws: ``Failure`` naming file, line and field: a text that is missing or empty, no row.
  public static func read(_ path: String) throws -> [MembershipDocument] {
    try JSONRecords.read(path).map { record in
      if let text = record.value.stringValue {
        guard !text.isEmpty else {
          throw Failure.mismatch(at: record.location, expected: "text", found: "an empty string")
        }
        return MembershipDocument(id: String(record.number), text: text)
      }
      let object = try record.object()
      let field = object.has("text") && !object.has("document") ? "text" : "document"
      return MembershipDocument(id: try record.identifier(), text: try record.text(field))
    }
  }
}
