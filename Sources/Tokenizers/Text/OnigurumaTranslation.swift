/// Rewrites what means something else to Foundation's regular expressions (ICU) than to Oniguruma, in the Ruby syntax of the
/// reference: `\w` without the joiners and with the superscript digits, `\h` a hexadecimal digit, `\v` the vertical tab
/// alone, the flag `m` for a dot that matches newlines, some POSIX classes, and `X{1,3}+`, which repeats the interval.
struct OnigurumaTranslation {
  private var rest: Substring.UnicodeScalarView
  private var result: [Unicode.Scalar] = []
  /// Depth of brackets around the place that is read.
  private var classDepth = 0
  /// Where in the result the open groups began.
  private var groups: [Int] = []
  /// Where in the result the atom before the place began.
  private var atom = 0

  private static let word = #"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}"#
  /// Digits and fractions that are no letters, and that Oniguruma counts among the word characters outside brackets.
  private static let digits = "²³¹¼½¾"
  private static let posixClasses = [
    "[:word:]": word, "[:punct:]": #"\p{P}\p{S}"#, "[:xdigit:]": "0-9a-fA-F",
  ]

  init(_ pattern: String) { rest = pattern[...].unicodeScalars }

  mutating func run() -> String {
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\\": escape()
      case "[": openClass()
      case "]" where classDepth > 0:
        result.append(scalar)
        classDepth -= 1
      case _ where classDepth > 0: result.append(scalar)
      case "(": openGroup()
      case ")":
        atom = groups.popLast() ?? result.count
        result.append(scalar)
      case "{": interval()
      case "*", "+", "?": result.append(scalar)
      default: add([scalar])
      }
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: result)
    return String(text)
  }

  /// Adds an atom; part of one within brackets.
  private mutating func add(_ scalars: some Sequence<Unicode.Scalar>) {
    if classDepth == 0 { atom = result.count }
    result.append(contentsOf: scalars)
  }

  private mutating func escape() {
    guard let escaped = rest.popFirst() else { return result.append("\\") }
    let word = classDepth == 0 ? Self.word + Self.digits : Self.word
    switch escaped {
    case "w": add("[\(word)]".unicodeScalars)
    case "W": add("[^\(word)]".unicodeScalars)
    case "h": add("[0-9a-fA-F]".unicodeScalars)
    case "H": add("[^0-9a-fA-F]".unicodeScalars)
    case "v": add(#"\x0B"#.unicodeScalars)
    case "p", "P", "x":
      let name = rest.first == "{" ? Array(rest.prefix { $0 != "}" }) + ["}"] : []
      rest = rest.dropFirst(name.count)
      if escaped != "x", String(name.map(Character.init)).lowercased() == "{word}" {
        add("[\(escaped == "p" ? "" : "^")\(word)]".unicodeScalars)
      } else {
        add(["\\", escaped] + name)
      }
    default: add(["\\", escaped])
    }
  }

  private mutating func openClass() {
    if classDepth > 0, rest.first == ":" {
      for (name, members) in Self.posixClasses
      where ("[" + String(rest.prefix(name.count - 1).map(Character.init))) == name {
        rest = rest.dropFirst(name.count - 1)
        return result.append(contentsOf: members.unicodeScalars)
      }
      // Another POSIX class, taken over as it is.
      let name = rest.prefix { $0 != "]" }
      rest = rest.dropFirst(name.count + 1)
      return result.append(contentsOf: ["["] + name + ["]"])
    }
    add(["["])
    classDepth += 1
    if rest.first == "^" { result.append(rest.removeFirst()) }
    // A bracket that comes first is a member.
    if rest.first == "]" { result += ["\\", rest.removeFirst()] }
  }

  private mutating func openGroup() {
    groups.append(result.count)
    result.append("(")
    guard rest.first == "?" else { return }
    let flags = rest.prefix { "?imx-".unicodeScalars.contains($0) }
    rest = rest.dropFirst(flags.count)
    for flag in flags { result.append(flag == "m" ? "s" : flag) }
  }

  /// `{n}`, `{n,}` or `{n,m}` behind an atom, perhaps repeated by a plus.
  private mutating func interval() {
    let body = rest.prefix { $0 != "}" }
    let isInterval =
      body.contains { ("0"..."9").contains($0) } && body.allSatisfy { ("0"..."9").contains($0) || $0 == "," }
      && body.endIndex != rest.endIndex
    guard isInterval else { return add(["\\", "{"]) }
    rest = rest.dropFirst(body.count + 1)
    let atomStart = atom
    result.append(contentsOf: (body.first == "," ? ["{", "0"] : ["{"]) + body + ["}"])
    if rest.first == "+" {
      result.insert(contentsOf: "(?:".unicodeScalars, at: atomStart)
      result.append(")")
    }
  }
}
