import Torch

/// Keys and values of rows in generation: for each layer a preallocated [slots, key heads, capacity, head size].
public final class KeyValueCache {
  public let slotCount: Int
  /// Positions that a slot can hold.
  public let capacity: Int
  let keys: [Tensor]
  let values: [Tensor]

  public init(_ decoder: Decoder, slots: Int, capacity: Int) throws {
    let architecture = decoder.architecture
    slotCount = slots
    self.capacity = capacity
    let shape = [slots, architecture.keyHeadCount, capacity, architecture.headSize]
    keys = try (0..<architecture.layerCount).map { _ in try Tensor.empty(shape, dtype: decoder.dtype) }
    values = try (0..<architecture.layerCount).map { _ in try Tensor.empty(shape, dtype: decoder.dtype) }
  }
}
