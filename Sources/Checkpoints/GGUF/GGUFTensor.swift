import Basics

/// A tensor of a GGUF file.
public struct GGUFTensor: Sendable, Equatable {
  public let name: String
  public let type: GGMLType
  /// Sizes, outermost first (the file lists them innermost first).
  public let shape: [Int]
  /// The tensor's blocks, counted from the start of the file.
  public let byteRange: Range<Int>

  /// Elements of the innermost size: a whole number of blocks.
  public var rowLength: Int { shape.last ?? 1 }
  public var rowCount: Int { shape.dropLast().reduce(1, *) }
  /// Bytes of one row.
  var rowByteCount: Int { rowLength / type.blockSize * type.blockByteCount }
}

/// What the file says of a tensor before its place is checked.
struct GGUFTensorClaim {
  let name: String
  let type: GGMLType
  let shape: [Int]
  let offset: UInt64
  let byteCount: Int

  /// The fewest bytes that a tensor's description takes: name length, one size, type and offset.
  static let minimumByteCount = 8 + 4 + 8 + 4 + 8

  init(_ cursor: inout GGUFCursor) throws {
    name = try cursor.string("the name of a tensor", maximumLength: 65_535)
    let place = cursor.location.appending(field: name.shown)
    let dimensionCount = try cursor.integer(UInt32.self, "the shape of '\(name.shown)'")
    guard (1...4).contains(dimensionCount) else {
      throw Failure(.badData, at: place, "expected 1 to 4 dimensions, found \(dimensionCount)")
    }
    var sizes: [Int] = []
    for _ in 0..<dimensionCount {
      let size = try cursor.integer(UInt64.self, "the shape of '\(name.shown)'")
      guard size > 0, let size = Int(exactly: size) else {
        throw Failure(.badData, at: place, "expected positive sizes, found \(size)")
      }
      sizes.append(size)
    }
    shape = sizes.reversed()
    let code = try cursor.integer(UInt32.self, "the type of '\(name.shown)'")
    guard let type = GGMLType(rawValue: code) else {
      let found = GGMLType.otherNames[code] ?? "number \(code)"
      let supported = GGMLType.allCases.map(\.description).joined(separator: " ")
      throw Failure(
        .badData, at: place, "expected one of the tensor types \(supported), found \(found)",
        hint: "choose a file in a supported quantisation")
    }
    self.type = type
    offset = try cursor.integer(UInt64.self, "the offset of '\(name.shown)'")
    byteCount = try Self.byteCount(shape, sizes[0], type, at: place)
  }

  private static func byteCount(_ shape: [Int], _ rowLength: Int, _ type: GGMLType, at place: Location) throws -> Int {
    guard rowLength % type.blockSize == 0 else {
      throw Failure(
        .badData, at: place,
        "expected rows of a multiple of \(type.blockSize) elements for \(type), found \(rowLength)")
    }
    if let elements = TensorEntry.elementCount(shape: shape) {
      let (bytes, overflow) = (elements / type.blockSize).multipliedReportingOverflow(by: type.blockByteCount)
      if !overflow { return bytes }
    }
    throw Failure(.badData, at: place, "the size of \(shape.shapeText) overflows")
  }
}
