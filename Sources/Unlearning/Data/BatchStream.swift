import Basics

/// Batches of row indices: each epoch a new order from the seed, each row once an epoch, the last batch of an epoch
/// filled from the next one. The whole state is a few numbers, so that a run can save it and go on.
public struct BatchStream: Sendable, Equatable, Codable {
  private let count: Int
  /// Rows that are gone through together, `passes` times, before the next ones; all of them by default.
  private let chunk: Int
  private let passes: Int
  private let batchSize: Int
  /// The stream's state before the current epoch's order was drawn.
  private var epochStart: RandomStream
  private var position = 0
  /// Epochs begun.
  public private(set) var epoch = 0

  public init(count: Int, batchSize: Int, seed: Int, purpose: String, chunk: Int? = nil, passes: Int = 1) {
    self.count = count
    self.chunk = max(1, min(chunk ?? count, count))
    self.passes = max(1, passes)
    self.batchSize = min(batchSize, count)
    epochStart = RandomStream(seed: UInt64(bitPattern: Int64(seed)), purpose: purpose)
  }

  /// Rows that an epoch gives: each one `passes` times.
  private var rowsPerEpoch: Int { count * passes }

  /// Batches that an epoch takes.
  public var batchesPerEpoch: Int { count == 0 ? 0 : (rowsPerEpoch + batchSize - 1) / batchSize }

  /// The rows of an epoch in their order.
  private func order(_ random: inout RandomStream) -> [Int] {
    let rows = random.shuffled(Array(0..<count))
    guard chunk < count || passes > 1 else { return rows }
    return stride(from: 0, to: count, by: chunk).flatMap { start -> [Int] in
      let members = Array(rows[start..<min(count, start + chunk)])
      return members + (1..<passes).flatMap { _ in random.shuffled(members) }
    }
  }

  /// - Parameter isLeftOut: asked of each row that comes up; must not go on saying so of all of them.
  public mutating func next(leavingOut isLeftOut: (Int) -> Bool = { _ in false }) -> [Int] {
    var batch: [Int] = []
    while batch.count < batchSize {
      var random = epochStart
      let order = order(&random)
      while position < rowsPerEpoch, batch.count < batchSize {
        if !isLeftOut(order[position]) { batch.append(order[position]) }
        position += 1
      }
      if position == rowsPerEpoch {
        epochStart = random
        position = 0
        epoch += 1
      }
    }
    return batch
  }

  /// Whether this can be a later state of a stream that began as the other one did.
  public func continues(_ fresh: BatchStream) -> Bool {
    count == fresh.count && chunk == fresh.chunk && passes == fresh.passes && batchSize == fresh.batchSize
      && (0..<max(1, rowsPerEpoch)).contains(position) && (0..<Int(Int32.max)).contains(epoch)
  }

  /// All rows in order, in batches: what `scope: dataset` averages over.
  public var allBatches: [[Int]] {
    stride(from: 0, to: count, by: max(1, batchSize)).map { Array($0..<min(count, $0 + batchSize)) }
  }
}
