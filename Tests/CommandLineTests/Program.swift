import Foundation
import XCTest

/// The built program, run as a user runs it.
struct Program {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The folder of this package.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static var executable: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("unlearn")
  }

  private static func path() throws -> URL {
    let candidates = [executable, root.appendingPathComponent(".build/release/unlearn")]
    return try XCTUnwrap(
      candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }, "the program is not built")
  }

  /// - Parameters:
  ///   - fileLimit: KiB that the program may write to one file.
  ///   - directory: the working directory.
  static func start(
    _ arguments: [String], output: Pipe = Pipe(), errors: Pipe = Pipe(), fileLimit: Int? = nil, directory: String? = nil
  ) throws -> Process {
    let process = Process()
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    process.executableURL = try path()
    process.arguments = arguments
    if let fileLimit, let program = process.executableURL {
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", "ulimit -f \(fileLimit) && exec \"$@\"", "bash", program.path] + arguments
    }
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  static func run(_ arguments: String...) throws -> Result { try run(arguments) }

  /// A line of bash, in which `$0` is the program.
  static func shell(_ line: String) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", line, try path().path]
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    return result(of: process, output, errors)
  }

  static func run(_ arguments: [String], fileLimit: Int? = nil, directory: String? = nil) throws -> Result {
    let (output, errors) = (Pipe(), Pipe())
    let process = try start(arguments, output: output, errors: errors, fileLimit: fileLimit, directory: directory)
    let result = result(of: process, output, errors)
    XCTAssertEqual(process.terminationReason, .exit, "the program was ended by a signal: \(arguments)")
    return result
  }

  private static func result(of process: Process, _ output: Pipe, _ errors: Pipe) -> Result {
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: complaint, as: UTF8.self))
  }
}

/// A folder that is removed after the test, with a tiny model and small sets in it.
final class Workspace {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "unlearn-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try text.write(toFile: file(name), atomically: true, encoding: .utf8)
    return file(name)
  }

  /// The tiny Llama of the reference fixtures, with a tokenizer of single bytes.
  func model(_ name: String = "model") throws -> String {
    let folder = file(name)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let fixture = Program.root.appendingPathComponent("Tests/LanguageModelsTests/Fixtures/llama-gqa-tied").path
    for part in ["config.json", "model.safetensors"] {
      try FileManager.default.copyItem(atPath: "\(fixture)/\(part)", toPath: "\(folder)/\(part)")
    }
    try Self.byteTokenizer.write(toFile: "\(folder)/tokenizer.json", atomically: true, encoding: .utf8)
    return folder
  }

  /// Changes the tensors of a model of this workspace: name → shape and float32 values.
  func edit(_ model: String, _ change: (inout [String: (shape: [Int], values: [Float])]) -> Void) throws {
    let url = URL(fileURLWithPath: "\(model)/model.safetensors")
    let data = try Data(contentsOf: url)
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: Any] ?? [:]
    var tensors: [String: (shape: [Int], values: [Float])] = [:]
    for case let (name, entry as [String: Any]) in header where name != "__metadata__" {
      guard let shape = entry["shape"] as? [Int], let range = entry["data_offsets"] as? [Int] else { continue }
      let bytes = Data(data[(8 + length + range[0])..<(8 + length + range[1])])
      tensors[name] = (shape, bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) })
    }
    change(&tensors)
    var entries: [String: Any] = ["__metadata__": ["format": "pt"]]
    var body = Data()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let start = body.count
      tensor.values.withUnsafeBytes { body.append(contentsOf: $0) }
      entries[name] = ["dtype": "F32", "shape": tensor.shape, "data_offsets": [start, body.count]]
    }
    let text = try JSONSerialization.data(withJSONObject: entries, options: .sortedKeys)
    let size = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
    try (size + text + body).write(to: url)
  }

  /// One token a byte, in the alphabet of byte-level BPE.
  private static var byteTokenizer: String {
    var printable = Set(33...126).union(161...172).union(174...255)
    var next = 256
    let entries = (0..<256).map { byte -> String in
      var code = byte
      if !printable.contains(byte) {
        code = next
        next += 1
      }
      printable.insert(byte)
      let character = String(UnicodeScalar(UInt32(code)).map(Character.init) ?? "?")
      let escaped = character == "\"" || character == "\\" ? "\\\(character)" : character
      return "\"\(escaped)\": \(byte)"
    }
    let level = #"{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}"#
    return """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
       "pre_tokenizer": \(level), "post_processor": null, "decoder": \(level),
       "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
        "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
        "vocab": {\(entries.joined(separator: ", "))}, "merges": []}}
      """
  }

  /// Rows of one side; every output holds the word SECRET and its number.
  func rows(_ name: String, _ count: Int, word: String) throws -> String {
    let lines = (0..<count).map { index in
      #"{"id": "\#(name)\#(index)qa0", "input": "Who is \#(name) \#(index)?", "output": "\#(word)\#(index) it is", "task": "Task2"}"#
    }
    return try write("\(name).jsonl", lines.joined(separator: "\n") + "\n")
  }
}
