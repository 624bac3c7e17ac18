import Basics
import Torch
import XCTest

/// Fused kernels against LibTorch's own operations: values and gradients.
final class FusedLayerTests: XCTestCase {
  private func random(_ shape: [Int], _ seed: UInt64, scale: Float = 1) throws -> Tensor {
    var stream = RandomStream(seed: seed)
    let count = shape.reduce(1, *)
    return try Tensor((0..<count).map { _ in (Float(stream.nextUnit()) - 0.5) * 2 * scale }, shape: shape)
  }

  /// ‖first − second‖ / ‖second‖.
  private func distance(_ first: Tensor, _ second: Tensor) throws -> Double {
    let exact = try second.converted(to: .float32)
    let difference = try first.converted(to: .float32).adding(exact, scale: -1)
    return (try difference.dot(difference) / max(1e-2, exact.dot(exact))).squareRoot()
  }

  private func check(
    _ dtype: DType, tolerance: Double, _ inputs: [Tensor], _ body: ([Tensor]) throws -> Tensor,
    file: StaticString = #filePath, line: UInt = #line
  ) throws {
    func run(_ dtype: DType) throws -> [Tensor] {
      let leaves = try inputs.map { try $0.converted(to: dtype).cloned().requiringGradient() }
      let output = try body(leaves)
      let weights = try random(output.shape, 99).converted(to: output.dtype)
      return [try output.detached()]
        + (try gradients(of: output.multiplied(by: weights).converted(to: .float32).sum(), withRespectTo: leaves))
    }
    let fused = try run(dtype)
    // float32 all the way: what both forms approximate.
    let exact = try Runtime.withComposedLayers { try run(.float32) }
    for (index, (first, second)) in zip(fused, exact).enumerated() {
      XCTAssertLessThanOrEqual(try distance(first, second), tolerance, "part \(index)", file: file, line: line)
    }
  }

  func testPackedAttention() throws {
    for lengths in [[1], [7, 1, 33, 64, 2], [65, 31], [200, 16, 3]] {
      let tokens = lengths.reduce(0, +)
      let offsets = lengths.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
      let inputs = [
        try random([tokens, 6, 64], 1), try random([tokens, 2, 64], 2), try random([tokens, 2, 64], 3),
      ]
      for (dtype, tolerance) in [(DType.float32, 1e-5), (.bfloat16, 0.015)] {
        try check(dtype, tolerance: tolerance, inputs) { leaves in
          try leaves[0].packedAttention(key: leaves[1], value: leaves[2], offsets: offsets, scale: 0.125)
        }
      }
    }
  }

  func testCachedAttentionAfterAPrefixOfAnyLength() throws {
    for start in [0, 1, 2, 33, 50] {
      let count = 19
      let inputs = [try random([count, 4, 64], 4), try random([count, 2, 64], 5), try random([count, 2, 64], 6)]
      let caches = [try random([1, 2, 80, 64], 7), try random([1, 2, 80, 64], 8)]
      for keeps in [true, false] {
        func run(_ dtype: DType) throws -> Tensor {
          let parts = try (inputs + caches).map { try $0.converted(to: dtype).cloned() }
          return try withoutGradient {
            try parts[0].cachedAttention(
              key: parts[1], value: parts[2], keyCache: parts[3], valueCache: parts[4], offsets: [0, count], slots: [0],
              starts: [start], keepsRows: keeps, scale: 0.125)
          }
        }
        let exact = try Runtime.withComposedLayers { try run(.float32) }
        XCTAssertLessThanOrEqual(try distance(run(.float32), exact), 1e-5)
        XCTAssertLessThanOrEqual(try distance(run(.bfloat16), exact), 0.015, "start \(start)")
      }
    }
  }

  func testDecodingOneTokenARow() throws {
    // Each row at its own place of the cache, in a slot of its own.
    let (starts, slots) = ([0, 1, 7, 40, 79], [3, 0, 4, 1, 2])
    let rows = starts.count
    for size in [16, 64] {
      let inputs = [
        try random([rows, 6, size], 31), try random([rows, 2, size], 32), try random([rows, 2, size], 33),
      ]
      let caches = [try random([5, 2, 80, size], 34), try random([5, 2, 80, size], 35)]
      func run(_ dtype: DType) throws -> [Tensor] {
        let parts = try (inputs + caches).map { try $0.converted(to: dtype).cloned() }
        let output = try withoutGradient {
          try parts[0].cachedAttention(
            key: parts[1], value: parts[2], keyCache: parts[3], valueCache: parts[4], offsets: Array(0...rows),
            slots: slots, starts: starts, scale: 0.25)
        }
        return [output, parts[3], parts[4]]
      }
      let exact = try Runtime.withComposedLayers { try run(.float32) }
      for (dtype, tolerance) in [(DType.float32, 1e-6), (.bfloat16, 0.015)] {
        for (found, wanted) in zip(try run(dtype), exact) {
          XCTAssertLessThanOrEqual(try distance(found, wanted), tolerance, "\(dtype) \(size)")
        }
      }
    }
  }

  func testLinearOfFewRows() throws {
    for dtype in [DType.bfloat16, .float32] {
      for (rows, width, out) in [
        (1, 32, 4), (2, 64, 8), (3, 96, 20), (4, 64, 4), (5, 40, 12), (7, 576, 192), (16, 64, 300), (32, 32, 8),
      ] {
        let inputs = [try random([rows, width], 41), try random([out, width], 42)]
        let (x, weight) = (try inputs[0].converted(to: dtype), try inputs[1].converted(to: dtype))
        let exact = try Runtime.withComposedLayers {
          try x.converted(to: .float32).linear(weight.converted(to: .float32))
        }
        let found = try withoutGradient { try x.linear(weight) }
        XCTAssertEqual(found.shape, [rows, out])
        XCTAssertEqual(found.dtype, dtype)
        // Sums in float32, rounded once.
        let tolerance = dtype == .bfloat16 ? 0.003 : 1e-6
        XCTAssertLessThanOrEqual(try distance(found, exact), tolerance, "\(dtype) \(rows) \(width) \(out)")
        // A row does not depend on those beside it.
        let alone = try withoutGradient { try x.narrowed(rows - 1..<rows).linear(weight) }
        // Where a library multiplies it may.
        let isOurs = dtype == .float32 ? Runtime.cpuFeatures.contains("avx2") : width.isMultiple(of: 32)
        guard isOurs else { continue }
        XCTAssertEqual(try found.narrowed(rows - 1..<rows).floats(), try alone.floats(), "\(dtype) \(rows)")
      }
    }
  }

  /// Sizes that end within a tile of rows, a vector of columns, a pair, a block of the inner dimension.
  func testLinearOfManyRows() throws {
    for (rows, width, out, hasBias) in [
      (33, 2, 1, false), (34, 34, 17, true), (47, 576, 96, false), (129, 2114, 50, true), (61, 4200, 33, false),
      (40, 65, 48, true),
    ] {
      let inputs = [try random([rows, width], 43), try random([out, width], 44), try random([out], 45)]
      let (x, weight) = (try inputs[0].converted(to: .bfloat16), try inputs[1].converted(to: .bfloat16))
      let bias = hasBias ? try inputs[2].converted(to: .bfloat16) : nil
      let exact = try x.converted(to: .float32)
        .linear(weight.converted(to: .float32), bias: bias?.converted(to: .float32))
      let found = try withoutGradient { try x.linear(weight, bias: bias) }
      XCTAssertEqual(found.shape, [rows, out])
      XCTAssertLessThanOrEqual(try distance(found, exact), 0.003, "\(rows) \(width) \(out)")
      // The rows beside a row do not change it; where the product is ours and not a library's, nor do the threads.
      let tail = try withoutGradient { try x.narrowed(0..<33).contiguous().linear(weight, bias: bias) }
      XCTAssertTrue(try found.narrowed(0..<33).floats() == tail.floats(), "\(rows) \(width) \(out)")
      guard Runtime.hasBFloat16Hardware else { continue }
      let threads = Runtime.threads
      try Runtime.setThreads(1)
      let serial = try withoutGradient { try x.linear(weight, bias: bias) }
      try Runtime.setThreads(threads)
      XCTAssertTrue(try found.floats() == serial.floats(), "\(rows) \(width) \(out)")
    }
  }

  /// Partial sums, the last one short, whose order does not depend on the threads.
  func testDotProduct() throws {
    let (left, right) = (try random([200_003], 51), try random([200_003], 52))
    let exact = try zip(left.floats(), right.floats()).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    XCTAssertEqual(try left.dot(right), exact, accuracy: 1e-9)
    XCTAssertEqual(try Tensor([] as [Float]).dot(Tensor([] as [Float])), 0)
    let (parallel, threads) = (try left.dot(right), Runtime.threads)
    try Runtime.setThreads(1)
    defer { try? Runtime.setThreads(threads) }
    XCTAssertEqual(try left.dot(right), parallel)
  }

  func testLinearWithATrainedWeight() throws {
    for (rows, width, out) in [(37, 48, 32), (131, 70, 50), (3, 16, 7)] {
      let inputs = [try random([rows, width], 46), try random([out, width], 47), try random([out], 48)]
      for (dtype, tolerance) in [(DType.float32, 1e-6), (.bfloat16, 0.01)] {
        try check(dtype, tolerance: tolerance, inputs) { try $0[0].linear($0[1], bias: $0[2]) }
        try check(dtype, tolerance: tolerance, Array(inputs.prefix(2))) { try $0[0].linear($0[1]) }
      }
    }
  }

  func testHeadDivergence() throws {
    let (count, width, vocabulary) = (21, 32, 301)
    let targets = try Tensor((0..<count).map { $0 * 13 % vocabulary })
    let (reference, referenceHead) = (try random([count, width], 23), try random([vocabulary, width], 24, scale: 0.5))
    let inputs = [try random([count, width], 21), try random([vocabulary, width], 22, scale: 0.5)]
    for (dtype, tolerance) in [(DType.float32, 1e-5), (.bfloat16, 0.02)] {
      for (shift, hasReference, isDivergence) in [
        (0.0, true, true), (10, true, false), (.infinity, false, false), (.infinity, true, true),
      ] {
        try check(dtype, tolerance: tolerance, inputs) { leaves in
          let hidden = hasReference ? try reference.converted(to: leaves[0].dtype) : nil
          return try leaves[0].headDivergence(
            weight: leaves[1],
            from: .init(
              hidden: hidden, weight: hasReference ? referenceHead.converted(to: leaves[1].dtype) : nil, shift: shift),
            targets: targets, isDivergence: isDivergence, chunk: 8)
        }
      }
    }
  }

  func testLoRALinear() throws {
    try checkLoRALinear(tokens: 37, width: 48, rank: 6, outs: [32, 16, 64])
    // Ends within a tile, a vector and a block of the inner dimension; an odd number of tokens.
    try checkLoRALinear(tokens: 131, width: 2100, rank: 4, outs: [50, 100, 7])
    try checkLoRALinear(tokens: 2051, width: 32, rank: 24, outs: [96, 1000, 1100])
    // A rank that makes no pairs is LibTorch's.
    try checkLoRALinear(tokens: 35, width: 64, rank: 5, outs: [32, 32, 32])
  }

  private func checkLoRALinear(tokens: Int, width: Int, rank: Int, outs: [Int]) throws {
    let factors = try outs.enumerated().flatMap { index, out in
      [
        try random([rank, width], UInt64(10 + index), scale: 0.3),
        try random([out, rank], UInt64(20 + index), scale: 0.3),
      ]
    }
    let weights = try outs.enumerated().map { try random([$0.element, width], UInt64(30 + $0.offset), scale: 0.2) }
    let bias = try random([outs[0]], 40)
    for (dtype, tolerance) in [(DType.float32, 1e-6), (.bfloat16, 0.015)] {
      for count in 1...3 {
        func run(_ dtype: DType) throws -> [Tensor] {
          let input = try random([tokens, width], 50).converted(to: dtype).requiringGradient()
          let leaves = try factors.prefix(2 * count).map { try $0.cloned().requiringGradient() }
          let layers = try (0..<count).map { index in
            Tensor.LoRALayer(
              weight: try weights[index].converted(to: dtype), bias: index == 0 ? try bias.converted(to: dtype) : nil,
              a: leaves[2 * index], b: leaves[2 * index + 1], scale: 2)
          }
          let outputs = try input.loraLinear(layers)
          let terms = try outputs.enumerated().map { index, output in
            try output.multiplied(by: random(output.shape, UInt64(60 + index)).converted(to: dtype))
              .converted(to: .float32).sum()
          }
          let loss = try terms.dropFirst().reduce(terms[0]) { try $0.adding($1) }
          return try outputs.map { try $0.detached() } + gradients(of: loss, withRespectTo: [input] + leaves)
        }
        let exact = try Runtime.withComposedLayers { try run(.float32) }
        for (index, (first, second)) in try zip(run(dtype), exact).enumerated() {
          XCTAssertLessThanOrEqual(
            try distance(first, second), tolerance, "\(tokens) tokens, \(dtype), \(count) layers, part \(index)")
        }
      }
    }
  }
}
