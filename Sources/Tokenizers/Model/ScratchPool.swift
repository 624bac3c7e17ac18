import Foundation

/// Hands each encoding thread its own scratch space with its word cache, and keeps a few for the next ones.
final class ScratchPool: @unchecked Sendable {
  // Guarded by `lock`.
  private var free: [BytePairEncoding.Scratch] = []
  private let lock = NSLock()
  private static let maximumKept = 8

  func withScratch<Result>(_ body: (inout BytePairEncoding.Scratch) -> Result) -> Result {
    var scratch = lock.withLock { free.popLast() } ?? BytePairEncoding.Scratch()
    scratch.droppedCharacter = false
    let result = body(&scratch)
    lock.withLock { if free.count < Self.maximumKept { free.append(scratch) } }
    return result
  }
}
