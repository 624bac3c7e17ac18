import Basics

/// The order, places and header of the tensors of one safetensors file to be written.
struct SafetensorsLayout {
  /// Positions in the list given, in the order of the file.
  let order: [Int]
  /// The length field and the padded JSON object.
  let header: [UInt8]
  /// Bytes of each tensor of the list given.
  let byteCounts: [Int]

  init(
    _ tensors: [TensorSource], metadata: [String: String], order: SafetensorsWriter.Order, at location: Location
  ) throws {
    byteCounts = try tensors.map { try Self.byteCount(of: $0, at: location) }
    let keys = tensors.map { Array($0.name.utf8) }
    var seen: Set<[UInt8]> = [Array("__metadata__".utf8)]
    for (tensor, key) in zip(tensors, keys) where !seen.insert(key).inserted {
      throw Failure(.fault, at: location.appending(field: tensor.name.shown), "the name of the tensor is already taken")
    }
    switch order {
    case .given: self.order = Array(tensors.indices)
    case .reference:
      self.order = tensors.indices.sorted { left, right in
        let (leftType, rightType) = (tensors[left].elementType, tensors[right].elementType)
        return leftType == rightType ? keys[left].lexicographicallyPrecedes(keys[right]) : leftType > rightType
      }
    }
    header = try Self.header(tensors, self.order, byteCounts, metadata, at: location)
  }

  private static func byteCount(of tensor: TensorSource, at location: Location) throws -> Int {
    guard let count = TensorEntry.byteCount(shape: tensor.shape, elementType: tensor.elementType) else {
      throw Failure(
        .fault, at: location.appending(field: tensor.name.shown), "the size of \(tensor.shape.shapeText) overflows")
    }
    return count
  }

  private static func header(
    _ tensors: [TensorSource], _ order: [Int], _ byteCounts: [Int], _ metadata: [String: String],
    at location: Location
  ) throws -> [UInt8] {
    var parts: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      parts.append("\"__metadata__\":{\(pairs.map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ","))}")
    }
    var start = 0
    for position in order {
      let tensor = tensors[position]
      let (end, overflow) = start.addingReportingOverflow(byteCounts[position])
      guard !overflow else { throw Failure(.fault, at: location, "the size of the tensors overflows") }
      let sizes = tensor.shape.map(String.init).joined(separator: ",")
      parts.append(
        "\(quoted(tensor.name)):{\"dtype\":\"\(tensor.elementType)\",\"shape\":[\(sizes)],"
          + "\"data_offsets\":[\(start),\(end)]}")
      start = end
    }
    var json = Array("{\(parts.joined(separator: ","))}".utf8)
    json += Array(repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    guard json.count <= SafetensorsHeader.maximumLength else {
      throw Failure(.fault, at: location, "the header of \(json.count) bytes is longer than readers accept")
    }
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
  }

  /// A JSON string with the escapes that the reference writer uses, so that files are equal byte for byte.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{8}": result += "\\b"
      case "\u{C}": result += "\\f"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
