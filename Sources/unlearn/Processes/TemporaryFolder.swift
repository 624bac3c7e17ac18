import Basics
import Foundation

/// A folder for this process alone, to be removed with what is in it.
struct TemporaryFolder {
  private let path: String

  init() throws {
    let pattern = "\(NSTemporaryDirectory())/unlearn-XXXXXX"
    guard
      let made = pattern.withCString({ pattern in
        let copy = strdup(pattern)
        defer { free(copy) }
        return copy.flatMap { mkdtemp($0) }.map { String(cString: $0) }
      })
    else { throw Failure(.cannotWrite, at: Location(file: pattern), "the folder cannot be made") }
    path = made
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func newFile(_ name: String) throws -> FileHandle {
    guard FileManager.default.createFile(atPath: file(name), contents: nil),
      let handle = FileHandle(forWritingAtPath: file(name))
    else { throw Failure(.cannotWrite, at: Location(file: file(name)), "the file cannot be made") }
    return handle
  }

  /// What a file holds, its end where it is long.
  func text(_ name: String) -> String {
    let data = FileManager.default.contents(atPath: file(name)) ?? Data()
    return String(decoding: data.suffix(1 << 16), as: UTF8.self)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
