import Basics
import Checkpoints
import Foundation
import LanguageModels
import Torch
import XCTest

/// Reading of the reference models' folders (see Fixtures/README.md).
struct Fixture {
  let folder: String

  init(_ name: String) throws {
    let root = try XCTUnwrap(Bundle.module.resourceURL)
    folder = root.appendingPathComponent("Fixtures/\(name)").path
  }

  func decoder(writable: Bool = false) throws -> Decoder {
    let architecture = try Architecture.read(configuration: "\(folder)/config.json")
    let checkpoint = try Checkpoint(folder: folder)
    var parameters = Parameters()
    for (name, shape) in architecture.parameterShapes {
      let entry = try checkpoint.require(name, shape: shape)
      parameters.add(name, try Tensor.copying(checkpoint.bytes(of: entry), shape: entry.shape, dtype: .float32))
    }
    return try Decoder(architecture, parameters)
  }

  func json(_ name: String) throws -> JSONObject {
    try XCTUnwrap(JSONParser.parse(file: "\(folder)/\(name)").objectValue)
  }

  /// Tensors of a safetensors file by name.
  func tensors(_ name: String) throws -> [String: Tensor] {
    let file = try SafetensorsFile(path: "\(folder)/\(name)")
    var result: [String: Tensor] = [:]
    for entry in file.entries {
      let dtype: DType = entry.elementType == .int32 ? .int32 : .float32
      result[entry.name] = try Tensor.copying(file.bytes(of: entry), shape: entry.shape, dtype: dtype)
    }
    return result
  }
}

extension JSONValue {
  var ints: [Int] { arrayValue?.compactMap(\.intValue) ?? [] }
}

/// The largest difference between two tensors' elements.
func largestDifference(_ first: Tensor, _ second: Tensor) throws -> Float {
  let (a, b) = (try first.floats(), try second.floats())
  XCTAssertEqual(first.shape, second.shape)
  return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
}
