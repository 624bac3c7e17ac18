import Basics
import Foundation

/// Finished work of an evaluation, one JSON line each, appended as it is done: an evaluation that was killed does not do
/// it again.
///
/// The first line holds a fingerprint of model, data and settings; a journal with another one is started over. A line
/// that a kill cut off is dropped.
package final class EvaluationJournal {
  package private(set) var entries: [JSONObject] = []
  private let file: AppendOnlyFile

  package init(path: String, fingerprint: String) throws {
    let header = JSONValue.object(["fingerprint": .string(fingerprint)]).text() + "\n"
    var kept = Array(header.utf8)
    if FileManager.default.fileExists(atPath: path) {
      let file = try MappedFile(path: path)
      let lines = withExtendedLifetime(file) { Self.wholeLines(file.bytes) }
      if let first = lines.first, first == kept.dropLast() {
        for line in lines.dropFirst() {
          guard
            let object = try? line.withUnsafeBytes({ try JSONParser.parse($0, at: Location(file: path)) }).objectValue
          else { break }
          entries.append(object)
          kept += line + [UInt8(ascii: "\n")]
        }
      }
    }
    file = try AppendOnlyFile(path: path, permissions: 0o600)
    try file.write(kept)
  }

  package func append(_ entry: JSONObject) throws { try file.writeLine(entry) }

  private static func wholeLines(_ bytes: UnsafeRawBufferPointer) -> [[UInt8]] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Array($0) }
    lines.removeLast()
    return lines
  }
}
