import Basics

/// The mean next-token loss of every document that the model was trained on and of as many that it was not.
public struct MembershipLosses: Sendable, Equatable {
  public var member: [Double]
  public var nonmember: [Double]

  public init(member: [Double], nonmember: [Double]) {
    self.member = member
    self.nonmember = nonmember
  }

  /// Reads `{"member": [losses…], "nonmember": [losses…]}`.
  /// - Throws: ``Failure`` naming the file and the field.
  public init(path: String) throws {
    let location = Location(file: path)
    let object = try JSONFile.object(path)
    func losses(_ key: String) throws -> [Double] {
      let values = try object.array(key, at: location)
      let place = location.appending(field: key)
      guard !values.isEmpty else { throw Failure.mismatch(at: place, expected: "at least one loss", found: "none") }
      return try values.enumerated().map { index, value in
        guard let loss = value.doubleValue else {
          throw Failure.mismatch(
            at: location.appending(field: "\(key)[\(index)]"), expected: "a number", found: value.kindName)
        }
        return loss
      }
    }
    self.init(member: try losses("member"), nonmember: try losses("nonmember"))
  }

  /// The AUC of −loss with member as 1: near 1 the model still knows the documents, near 0 it avoids them.
  public func areaUnderCurve() throws -> Double {
    try AreaUnderCurve.of(positive: member.map { -$0 }, negative: nonmember.map { -$0 })
  }
}

enum JSONFile {
  /// A file that holds one JSON object.
  static func object(_ path: String) throws -> JSONObject {
    let file = try MappedFile(path: path)
    let value = try withExtendedLifetime(file) { try JSONParser.parse(file.bytes, at: Location(file: path)) }
    guard let object = value.objectValue else {
      throw Failure.mismatch(at: Location(file: path), expected: "an object", found: value.kindName)
    }
    return object
  }
}
