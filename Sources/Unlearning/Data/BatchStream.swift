import Basics

/// Batches of row indices: each epoch a new order from the seed, each row once an epoch, the last batch of an epoch
/// filled from the next one. The whole state is a few numbers, so that a run can save it and go on.
public struct BatchStream: Sendable, Equatable, Codable {
  private let count: Int
  private let batchSize: Int
  /// The stream's state before the current epoch's order was drawn.
  private var epochStart: RandomStream
  private var position = 0
  /// Epochs begun.
  public private(set) var epoch = 0

  public init(count: Int, batchSize: Int, seed: Int, purpose: String) {
    self.count = count
    self.batchSize = min(batchSize, count)
    epochStart = RandomStream(seed: UInt64(bitPattern: Int64(seed)), purpose: purpose)
  }

  /// Batches that one pass over the rows takes.
  public var batchesPerEpoch: Int { count == 0 ? 0 : (count + batchSize - 1) / batchSize }

  public mutating func next() -> [Int] {
    var batch: [Int] = []
    while batch.count < batchSize {
      var random = epochStart
      let order = random.shuffled(Array(0..<count))
      let taken = order[position..<min(count, position + batchSize - batch.count)]
      batch += taken
      position += taken.count
      if position == count {
        epochStart = random
        position = 0
        epoch += 1
      }
    }
    return batch
  }

  /// All rows in order, in batches: what `scope: dataset` averages over.
  public var allBatches: [[Int]] {
    stride(from: 0, to: count, by: max(1, batchSize)).map { Array($0..<min(count, $0 + batchSize)) }
  }
}
