/// Builds GGUF files, honest or not, byte by byte.
struct GGUFBytes {
  var version: UInt32 = 3
  /// Overrides for counts that lie.
  var tensorCount: UInt64?
  var metadataCount: UInt64?
  private var metadata: [[UInt8]] = []
  private var tensors: [[UInt8]] = []
  var data: [UInt8] = []

  static func string(_ text: String) -> [UInt8] { littleEndian(UInt64(text.utf8.count)) + Array(text.utf8) }

  mutating func add(_ key: String, type: UInt32, _ value: [UInt8]) {
    metadata.append(Self.string(key) + littleEndian(type) + value)
  }

  mutating func addTensor(_ name: String, _ sizes: [UInt64], type: UInt32 = 0, offset: UInt64 = 0) {
    tensors.append(
      Self.string(name) + littleEndian(UInt32(sizes.count)) + sizes.flatMap(littleEndian) + littleEndian(type)
        + littleEndian(offset))
  }

  var bytes: [UInt8] {
    var result = Array("GGUF".utf8) + littleEndian(version)
    result += littleEndian(tensorCount ?? UInt64(tensors.count))
    result += littleEndian(metadataCount ?? UInt64(metadata.count))
    result += metadata.joined()
    result += tensors.joined()
    result += Array(repeating: 0, count: (32 - result.count % 32) % 32)
    return result + data
  }
}
