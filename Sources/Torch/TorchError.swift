import LazyTorch

/// A LibTorch operation that failed: which one, on what, and LibTorch's own words.
public struct TorchError: Error, Sendable, CustomStringConvertible {
  public var operation: String
  /// The operands as `float32[2, 3]`.
  public var operands: [String]
  public var reason: String

  public init(operation: String, operands: [String] = [], reason: String) {
    self.operation = operation
    self.operands = operands
    self.reason = reason
  }

  public var description: String {
    let given = operands.isEmpty ? "" : " on \(operands.joined(separator: ", "))"
    return "\(operation)\(given): \(reason)"
  }

  /// The error of the last C call on this thread. Only the first line is kept: the rest is a C++ backtrace.
  static func last(_ operation: String, _ operands: [Tensor] = []) -> TorchError {
    let message = String(cString: ctorch_last_error())
    let line = message.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? "unknown failure"
    return TorchError(operation: operation, operands: operands.map(\.description), reason: line)
  }
}
