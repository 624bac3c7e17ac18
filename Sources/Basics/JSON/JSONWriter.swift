extension JSONValue {
  /// The document as text: keys in their order, shortest numbers that read back the same, non-finite numbers as null.
  /// - Parameter indented: two spaces a level, one entry a line; otherwise one line with `", "` and `": "` as Python's
  ///   `json.dumps` writes them.
  public func text(indented: Bool = false) -> String {
    var output = ""
    write(to: &output, indented: indented, level: 0)
    return output
  }

  private func write(to output: inout String, indented: Bool, level: Int) {
    switch self {
    case .null: output += "null"
    case .bool(let value): output += value ? "true" : "false"
    case .integer(let value): output += String(value)
    case .number(let value): output += value.isFinite ? value.description : "null"
    case .string(let value): Self.write(value, to: &output)
    case .array(let values):
      Self.writeList(values, "[", "]", to: &output, indented: indented, level: level) { value, output in
        value.write(to: &output, indented: indented, level: level + 1)
      }
    case .object(let object):
      Self.writeList(object.entries, "{", "}", to: &output, indented: indented, level: level) { entry, output in
        Self.write(entry.key, to: &output)
        output += ": "
        entry.value.write(to: &output, indented: indented, level: level + 1)
      }
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], _ open: String, _ close: String, to output: inout String, indented: Bool, level: Int,
    _ body: (Element, inout String) -> Void
  ) {
    output += open
    for (index, element) in elements.enumerated() {
      if index > 0 { output += indented ? "," : ", " }
      if indented { output += "\n" + String(repeating: "  ", count: level + 1) }
      body(element, &output)
    }
    if indented, !elements.isEmpty { output += "\n" + String(repeating: "  ", count: level) }
    output += close
  }

  private static func write(_ string: String, to output: inout String) {
    output += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          let digits = String(scalar.value, radix: 16)
          output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          output.unicodeScalars.append(scalar)
        }
      }
    }
    output += "\""
  }
}
