/// A tensor about to be written: what it is, and how to get its bytes when its turn comes.
public struct TensorSource {
  /// Takes the next bytes of a tensor; the buffer is only valid during the call.
  public typealias Sink = (UnsafeRawBufferPointer) throws -> Void

  public let name: String
  public let elementType: ElementType
  /// Sizes, outermost first.
  public let shape: [Int]
  /// Hands the tensor's bytes (little-endian, row-major) to the sink, in one piece or in many.
  public let produce: (Sink) throws -> Void

  /// A tensor produced piece by piece: only one piece at a time has to be in memory.
  public init(
    name: String, elementType: ElementType, shape: [Int], produce: @escaping (_ sink: Sink) throws -> Void
  ) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.produce = produce
  }

  /// A tensor whose bytes are at hand.
  public init(name: String, elementType: ElementType, shape: [Int], bytes: [UInt8]) {
    self.init(name: name, elementType: elementType, shape: shape) { sink in
      try bytes.withUnsafeBytes { try sink($0) }
    }
  }
}
