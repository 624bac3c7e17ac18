import Basics

/// Where a tensor lies in a file.
public struct TensorEntry: Sendable, Equatable {
  public let name: String
  public let elementType: ElementType
  /// Sizes, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The tensor's bytes, counted from the start of the file.
  public let byteRange: Range<Int>

  public var byteCount: Int { byteRange.count }
  public var elementCount: Int { byteRange.count / elementType.byteWidth }

  package init(name: String, elementType: ElementType, shape: [Int], byteRange: Range<Int>) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.byteRange = byteRange
  }

  /// The product of `shape` and the element's width, or nil when a size is negative or the product needs more than 63
  /// bits.
  package static func byteCount(shape: [Int], elementType: ElementType) -> Int? {
    elementCount(shape: shape).flatMap { count in
      let (bytes, overflow) = count.multipliedReportingOverflow(by: elementType.byteWidth)
      return overflow ? nil : bytes
    }
  }

  /// The product of `shape`, or nil when a size is negative or the product needs more than 63 bits.
  package static func elementCount(shape: [Int]) -> Int? {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }
}

extension Array where Element == Int {
  /// A shape as `[576, 1536]`, for messages; of a long one the start.
  package var shapeText: String {
    let shown = prefix(8).map(String.init).joined(separator: ", ")
    return count > 8 ? "[\(shown), … \(count) sizes]" : "[\(shown)]"
  }
}
