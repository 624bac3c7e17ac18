import Basics
import Mustache

/// The templates, and how they become a page.
enum Page {
  /// Escaping by Unicode scalars in place of the library's, which goes by characters; see ``MarkupText``.
  private struct ReportText: MustacheContentType {
    func escapeText(_ text: String) -> String { MarkupText.escaped(text) }
  }

  private static let contentType = "REPORT"

  /// Each template begins by choosing the escaping, since a partial does not inherit it.
  private static let library: Result<MustacheLibrary, any Error> = Result {
    MustacheContentTypes.register(ReportText(), named: contentType)
    var library = MustacheLibrary()
    for (name, text) in Templates.all {
      try library.register("{{% CONTENT_TYPE:\(contentType)}}\n" + text, named: name)
    }
    return library
  }

  static func render(_ view: PageView) throws -> String {
    do {
      if let text = try library.get().render(view, withTemplate: "page") { return text }
    } catch {
      throw Failure(.fault, "a template of the report is broken: \(error)")
    }
    throw Failure(.fault, "the report has no template 'page'")
  }
}
