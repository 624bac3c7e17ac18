/// The Mustache templates, by the name under which they include each other. `{{name}}` is escaped; `{{{name}}}` is not,
/// and stands only where the value is markup of our own.
enum Templates {
  static let all: [(name: String, text: String)] = [
    ("page", page), ("header", header), ("metrics", metrics), ("section", section), ("scores", scores),
    ("mark", mark), ("record", record),
  ]
}
