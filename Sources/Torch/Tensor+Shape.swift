import LazyTorch

extension Tensor {
  public func reshaped(_ shape: [Int]) throws -> Tensor {
    try Tensor.take(ctorch_reshape(handle, shape.sizes, Int64(shape.count)), "reshape to \(shape)", self)
  }
  /// Elements `range` along one dimension, without a copy.
  public func narrowed(_ range: Range<Int>, dimension: Int = 0) throws -> Tensor {
    try Tensor.take(
      ctorch_narrow(handle, Int64(dimension), Int64(range.lowerBound), Int64(range.count)), "narrow to \(range)", self)
  }
  /// Rows at `indices` (int64) along one dimension.
  public func selected(_ indices: Tensor, dimension: Int = 0) throws -> Tensor {
    try Tensor.take(ctorch_index_select(handle, Int64(dimension), indices.handle), "index_select", self, indices)
  }
  public static func concatenated(_ tensors: [Tensor], dimension: Int = 0) throws -> Tensor {
    let handle = withExtendedLifetime(tensors) {
      ctorch_cat(tensors.map { $0.handle as OpaquePointer? }, Int64(tensors.count), Int64(dimension))
    }
    guard let handle else { throw TorchError.last("cat", tensors) }
    return Tensor(owning: handle)
  }
  /// sums[i] = Σ self[j] where groups[j] = i.
  /// - Parameters:
  ///   - groups: int64, one per element of this vector, each in 0..<count.
  public func segmentSums(_ groups: Tensor, count: Int) throws -> Tensor {
    try Tensor.take(ctorch_segment_sum(handle, groups.handle, Int64(count)), "segment_sum", self, groups)
  }
}
