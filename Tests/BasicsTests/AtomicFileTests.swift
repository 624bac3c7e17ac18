import Basics
import Foundation
import XCTest

final class AtomicFileTests: XCTestCase {
  private let folder = NSTemporaryDirectory() + "atomic-\(UUID().uuidString)"

  override func setUpWithError() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

  private func names() throws -> [String] { try Folder.names(folder) }

  private func put(_ names: String...) throws {
    for name in names { try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
  }

  /// No process has this number.
  private let ended = Int32.max

  func testAnEmptyPathIsRefusedBeforeAnythingIsWritten() {
    for attempt in [
      { _ = try AtomicFile(path: "") }, { try Folder.requireFree("") },
      { try Folder.writeAtomically("") { _ in XCTFail("nothing is to be built") } },
    ] {
      XCTAssertThrowsError(try attempt()) { error in
        XCTAssertEqual((error as? Failure)?.kind, .cannotWrite)
        XCTAssertTrue((error as? Failure)?.message.contains("empty") ?? false)
      }
    }
  }

  /// `>> all.jsonl` with `/dev/stdout`, without replacing what the shell has open.
  func testAnOpenDescriptorIsWrittenOnWhereItStands() throws {
    let path = "\(folder)/all.jsonl"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    defer { close(descriptor) }
    for line in ["one\n", "two\n"] { try AtomicFile.write(line, to: "/dev/fd/\(descriptor)") }
    XCTAssertEqual(try String(contentsOfFile: path, encoding: .utf8), "one\ntwo\n")
    XCTAssertEqual(try names(), ["all.jsonl"])
    XCTAssertThrowsError(try AtomicFile(path: "/dev/fd/\(ended)"))
  }

  func testFoldersWithSlashesBehindTheName() throws {
    try Folder.writeAtomically("\(folder)/new///") { try AtomicFile.write("x", to: "\($0)/file") }
    XCTAssertEqual(try Folder.names("\(folder)/new"), ["file"])
  }

  /// What a killed process left goes when its target is whole; what is someone else's, or at work, stays.
  func testLeftoversOfEndedProcessesGo() throws {
    try put(
      "model.partial-\(ended)", "model.old-\(ended)", "model.partial-1", "other.old-\(ended)", "notes.partial-draft")
    try Folder.writeAtomically("\(folder)/model") { try AtomicFile.write("x", to: "\($0)/file") }
    XCTAssertEqual(try names(), ["model", "model.partial-1", "notes.partial-draft", "other.old-\(ended)"])
    // The number of an ended process may be this one's.
    try put("a.partial-\(ended)", "b.partial-\(getpid())")
    let file = try AtomicFile(path: "\(folder)/c")
    Aside.removeAbandoned(in: folder)
    try file.write("x")
    try file.commit()
    XCTAssertEqual(try names(), ["c", "model", "model.partial-1", "notes.partial-draft", "other.old-\(ended)"])
  }
}
