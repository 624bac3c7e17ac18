import Basics
import Torch

extension GroupMembership {
  /// The items of this process, in order, so that all processes have about as many tokens: the longest first, each to the
  /// process that has the least so far. Each process finds out what is its own without asking the others.
  /// - Parameter lengths: of every item, the same in all processes.
  package func share(of lengths: [Int]) -> [Int] {
    guard size > 1 else { return Array(lengths.indices) }
    var loads = [Int](repeating: 0, count: size)
    var own: [Int] = []
    let longestFirst = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    for item in longestFirst {
      let process = loads.indices.min { loads[$0] < loads[$1] } ?? 0
      loads[process] += lengths[item]
      if process == rank { own.append(item) }
    }
    return own.sorted()
  }
}

/// What processes that divide work among themselves tell each other.
extension ProcessGroup {
  /// The values of all items, of which this process knows those of its share.
  func joined(_ values: [Double], at share: [Int], count: Int) throws -> [Double] {
    guard size > 1 else { return values }
    var all = [Double](repeating: 0, count: count)
    for (item, value) in zip(share, values) { all[item] = value }
    return try sum(all)
  }

  /// Whether this is so in any of the processes.
  func any(_ condition: Bool, patience: Double = usualPatience) throws -> Bool {
    try sum([condition ? 1 : 0], patience: patience)[0] > 0
  }

  /// - Throws: ``Failure`` of kind `usage` when another process was started with something else.
  /// - Parameters:
  ///   - text: what this process was started with.
  ///   - name: what that is, for the error.
  func requireAgreement(on text: @autoclosure () throws -> String, _ name: String) throws {
    guard size > 1 else { return }
    let digits = SHA256.hexDigest(of: try text()).prefix(12)
    let own = Double(Int(digits, radix: 16) ?? 0)
    let all = try joined([own], at: [rank], count: size)
    guard let other = all.firstIndex(where: { $0 != own }) else { return }
    throw Failure(
      .usage, at: Failure.processGroup, "processes \(rank) and \(other) have not the same \(name)",
      hint: "start all of them with the same options, model and data")
  }
}
