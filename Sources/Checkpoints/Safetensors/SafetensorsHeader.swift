import Basics

/// The validated header of a safetensors file: every tensor's place is known to lie in the file before any is read.
///
/// The layout: eight bytes with the header's length (little-endian), a JSON object, the tensors' bytes without holes.
struct SafetensorsHeader {
  /// The reference reader's limit on the length of the JSON object.
  static let maximumLength = 100_000_000

  /// In the order of the header.
  let entries: [TensorEntry]
  let metadata: [String: String]

  /// - Throws: ``Failure`` of kind `badData` that names the file and, where it is one, the tensor.
  init(_ bytes: UnsafeRawBufferPointer, at location: Location) throws {
    let json = try Self.json(in: bytes, at: location)
    let parsed = try JSONParser.parse(json, at: Location(file: location.file, line: 1))
    guard let object = parsed.objectValue else {
      throw Failure.mismatch(at: location, expected: "a JSON object as the header", found: parsed.kindName)
    }
    let dataStart = 8 + json.count
    var entries: [TensorEntry] = []
    var metadata: [String: String] = [:]
    for (name, value) in object.entries {
      if name == "__metadata__" {
        metadata = try Self.metadata(value, at: location.appending(field: name))
      } else {
        entries.append(try Self.entry(name, value, dataStart: dataStart, fileLength: bytes.count, at: location))
      }
    }
    try Self.checkCoverage(entries, of: dataStart..<bytes.count, at: location)
    self.entries = entries
    self.metadata = metadata
  }

  /// The bytes of the JSON object, once the length field is known to be honest.
  private static func json(in bytes: UnsafeRawBufferPointer, at location: Location) throws -> UnsafeRawBufferPointer {
    let hint = "the file may be cut short or not be a safetensors file; fetch it again"
    guard bytes.count >= 8 else {
      throw Failure(
        .badData, at: location, "expected a safetensors file of at least 8 bytes, found \(bytes.count)",
        hint: hint)
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(maximumLength) else {
      throw Failure(
        .badData, at: location,
        "expected a header of at most \(maximumLength) bytes, found a length field of \(length)", hint: hint)
    }
    guard length <= UInt64(bytes.count - 8) else {
      throw Failure(
        .badData, at: location,
        "the header claims \(length) bytes, but only \(bytes.count - 8) follow in the file", hint: hint)
    }
    let json = UnsafeRawBufferPointer(rebasing: bytes[8..<8 + Int(length)])
    guard json.first == UInt8(ascii: "{") else {
      throw Failure(.badData, at: location, "expected the header to begin with '{'", hint: hint)
    }
    return json
  }

  private static func metadata(_ value: JSONValue, at location: Location) throws -> [String: String] {
    guard let object = value.objectValue else {
      throw Failure.mismatch(at: location, expected: "an object of strings", found: value.kindName)
    }
    var result: [String: String] = [:]
    for (key, value) in object.entries {
      guard let text = value.stringValue else {
        throw Failure.mismatch(
          at: location.appending(field: key.shown), expected: "a string", found: value.kindName)
      }
      result[key] = text
    }
    return result
  }

  private static func entry(
    _ name: String, _ value: JSONValue, dataStart: Int, fileLength: Int, at file: Location
  ) throws -> TensorEntry {
    let location = file.appending(field: name.shown)
    guard let object = value.objectValue else {
      throw Failure.mismatch(at: location, expected: "an object", found: value.kindName)
    }
    let typeName = try object.string("dtype", at: location)
    guard let elementType = ElementType(rawValue: typeName) else {
      throw Failure(
        .badData, at: location.appending(field: "dtype"),
        "expected one of \(ElementType.allCases.map(\.rawValue).joined(separator: " ")), found '\(typeName.shown)'")
    }
    let shape = try sizes(object.array("shape", at: location), at: location.appending(field: "shape"))
    let offsets = try sizes(object.array("data_offsets", at: location), at: location.appending(field: "data_offsets"))
    guard offsets.count == 2 else {
      throw Failure(
        .badData, at: location.appending(field: "data_offsets"), "expected 2 numbers, found \(offsets.count)")
    }
    guard offsets[0] <= offsets[1], offsets[1] <= fileLength - dataStart else {
      throw Failure(
        .badData, at: location.appending(field: "data_offsets"),
        "expected a range within 0...\(fileLength - dataStart), found \(offsets[0]) to \(offsets[1])",
        hint: "the file may be cut short; fetch it again")
    }
    guard let byteCount = TensorEntry.byteCount(shape: shape, elementType: elementType) else {
      throw Failure(.badData, at: location.appending(field: "shape"), "the size of \(shape.shapeText) overflows")
    }
    guard byteCount == offsets[1] - offsets[0] else {
      throw Failure(
        .badData, at: location,
        "\(elementType) \(shape.shapeText) takes \(byteCount) bytes, but data_offsets give \(offsets[1] - offsets[0])")
    }
    return TensorEntry(
      name: name, elementType: elementType, shape: shape,
      byteRange: (dataStart + offsets[0])..<(dataStart + offsets[1]))
  }

  /// Integers that are not negative; `3.0` is refused as the reference does.
  private static func sizes(_ values: [JSONValue], at location: Location) throws -> [Int] {
    try values.map { value in
      guard case .integer(let size) = value else {
        throw Failure.mismatch(at: location, expected: "non-negative integers", found: value.kindName)
      }
      guard size >= 0 else {
        throw Failure(.badData, at: location, "expected non-negative integers, found \(size)")
      }
      return size
    }
  }

  /// The tensors must cover the data without overlap, hole or rest.
  private static func checkCoverage(_ entries: [TensorEntry], of data: Range<Int>, at file: Location) throws {
    var end = data.lowerBound
    let ordered = entries.sorted {
      ($0.byteRange.lowerBound, $0.byteRange.upperBound) < ($1.byteRange.lowerBound, $1.byteRange.upperBound)
    }
    for entry in ordered {
      guard entry.byteRange.lowerBound == end else {
        let fault = entry.byteRange.lowerBound < end ? "overlaps the tensor before it" : "leaves a hole before it"
        throw Failure(
          .badData, at: file.appending(field: entry.name.shown),
          "the tensor \(fault): expected it to begin at \(end - data.lowerBound),"
            + " found \(entry.byteRange.lowerBound - data.lowerBound)")
      }
      end = entry.byteRange.upperBound
    }
    guard end == data.upperBound else {
      throw Failure(
        .badData, at: file, "expected the file to end with the last tensor, found \(data.upperBound - end) more bytes")
    }
  }
}
