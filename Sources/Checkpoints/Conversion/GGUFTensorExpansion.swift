import Basics
import Dispatch

/// Expands a GGUF tensor to floating-point rows, a few megabytes at a time and on all cores.
struct GGUFTensorExpansion {
  /// Elements expanded before they are handed on.
  private static let chunkLength = 1 << 22
  /// Elements a core expands at a time.
  private static let taskLength = 1 << 16

  private let item: GGUFTensorPlan.Item
  private let file: GGUFFile
  private let elementType: ElementType
  private let rowCount: Int
  private let rowLength: Int
  private let rowByteCount: Int

  init(_ item: GGUFTensorPlan.Item, in file: GGUFFile, elementType: ElementType) {
    let tensor = item.tensor
    self.item = item
    self.elementType = elementType
    self.file = file
    (rowCount, rowLength, rowByteCount) = (tensor.rowCount, tensor.rowLength, tensor.rowByteCount)
  }

  /// Hands the whole tensor to `sink` in pieces of whole rows.
  func produce(_ sink: TensorSource.Sink) throws {
    guard let source = try file.bytes(of: item.tensor).baseAddress else { return }
    let rowsInChunk = min(rowCount, max(1, Self.chunkLength / rowLength))
    let width = elementType.byteWidth
    let output = UnsafeMutableRawBufferPointer.allocate(byteCount: rowsInChunk * rowLength * width, alignment: 64)
    defer { output.deallocate() }
    guard let target = output.baseAddress else { return }
    for start in stride(from: 0, to: rowCount, by: rowsInChunk) {
      let rows = start..<min(start + rowsInChunk, rowCount)
      withExtendedLifetime(file) { expand(rows, from: source, into: target) }
      try sink(UnsafeRawBufferPointer(start: target, count: rows.count * rowLength * width))
    }
  }

  private func expand(_ rows: Range<Int>, from source: UnsafeRawPointer, into target: UnsafeMutableRawPointer) {
    let rowsInTask = max(1, Self.taskLength / rowLength)
    nonisolated(unsafe) let (source, target) = (source, target)
    DispatchQueue.concurrentPerform(iterations: (rows.count + rowsInTask - 1) / rowsInTask) { task in
      let first = rows.lowerBound + task * rowsInTask
      expandTask(
        first..<min(first + rowsInTask, rows.upperBound), from: source,
        into: target + (first - rows.lowerBound) * rowLength * elementType.byteWidth)
    }
  }

  private func expandTask(_ rows: Range<Int>, from source: UnsafeRawPointer, into target: UnsafeMutableRawPointer) {
    if elementType == .float32 {
      expandRows(rows, from: source, into: target.assumingMemoryBound(to: Float.self))
    } else {
      let numbers = UnsafeMutableBufferPointer<Float>.allocate(capacity: rows.count * rowLength)
      defer { numbers.deallocate() }
      guard let start = numbers.baseAddress else { return }
      expandRows(rows, from: source, into: start)
      FloatEncoding.encode(UnsafeBufferPointer(numbers), as: elementType, into: target)
    }
  }

  private func expandRows(_ rows: Range<Int>, from source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>) {
    guard let heads = item.interleavedHeads else {
      let type = item.tensor.type
      Dequantization.expand(
        type, source + rows.lowerBound * rowByteCount, count: rows.count * rowLength, into: target)
      return
    }
    let half = rowCount / heads / 2
    for (index, row) in rows.enumerated() {
      // The file pairs row i of a head's first half with row i of its second: [2i, 2i + 1] is [i, i + half].
      let (head, within) = (row / (2 * half), row % (2 * half))
      let origin = head * 2 * half + (within % half) * 2 + within / half
      Dequantization.expand(
        item.tensor.type, source + origin * rowByteCount, count: rowLength, into: target + index * rowLength)
    }
  }
}
