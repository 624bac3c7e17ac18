import Basics

extension RunReport {
  /// The page: one HTML document that needs nothing beside it. The same report gives the same bytes.
  /// - Throws: ``Failure`` of kind `fault` when a template of this library is broken.
  public func html() throws -> String { try Page.render(PageView(self)) }

  /// Writes ``html()`` to a file, whole or not at all.
  /// - Throws: ``Failure`` of kind `cannotWrite`.
  public func write(to path: String) throws { try AtomicFile.write(try html(), to: path) }
}
