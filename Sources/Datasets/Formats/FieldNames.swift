/// Naming the fields of a file in an error message.
enum FieldNames {
  /// `found the columns 'a', 'b'`. Where the names do not look like names, as in a file without a header, they may be
  /// the text of a row, and only their number is given.
  static func found(_ names: [String]) -> String {
    guard !names.isEmpty else { return "found no columns" }
    guard names.allSatisfy(isName) else {
      return "found \(names.count) columns, and what should be their names looks like something else"
    }
    let listed = names.prefix(16).map { "'\($0)'" }.joined(separator: ", ")
    return "found \(listed)" + (names.count > 16 ? " and \(names.count - 16) more" : "")
  }

  private static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= 32 else { return false }
    func isLetter(_ byte: UInt8) -> Bool {
      (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }
    return isLetter(first) && name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
  }
}
