import Basics
import LazyTorch

/// Processes that compute one result together, of which this is one: LibTorch's c10d over Gloo.
///
/// All of them make the same calls in the same order. Alone, nothing is sent and nothing is changed.
public final class ProcessGroup {
  /// This process without others.
  public static var alone: ProcessGroup { ProcessGroup() }

  /// Seconds that a process waits for another within a step, and while another evaluates.
  public static let usualPatience = 1800.0
  package static let evaluationPatience = 86_400.0

  public let membership: GroupMembership
  private let handle: OpaquePointer?

  private init() { (membership, handle) = (GroupMembership(), nil) }

  /// Joins a group, which waits for all of its processes; alone without ``GroupMembership/meeting``.
  /// - Parameter patience: seconds after which to give up.
  /// - Throws: ``Failure`` of kind `fault` when others do not come, or cannot be reached.
  public init(joining membership: GroupMembership, patience: Double = 3600) throws {
    self.membership = membership
    guard let meeting = membership.meeting else {
      handle = nil
      return
    }
    let (rank, size) = (Int32(clamping: membership.rank), Int32(clamping: membership.size))
    switch meeting {
    case .file(let path):
      handle = ctorch_group_join_file(path, rank, size, patience)
    case .port(let host, let port, let prefix):
      handle = ctorch_group_join_tcp(
        host, Int32(clamping: port), rank == 0 && prefix == nil, prefix ?? "", rank, size, patience)
    }
    guard handle != nil else { throw Self.failure("process \(rank) of \(size) could not join the others") }
  }

  deinit { if let handle { ctorch_group_leave(handle) } }

  public var rank: Int { membership.rank }
  public var size: Int { membership.size }

  /// Puts the sum over all processes in place of each tensor: the same bits in all of them, and in every run of as many
  /// processes.
  /// - Parameters:
  ///   - tensors: of one dtype, and of the same shapes in every process.
  ///   - patience: seconds after which to give up waiting for the others.
  /// - Throws: ``Failure`` of kind `fault` when another process has ended.
  public func sum(_ tensors: [Tensor], patience: Double = usualPatience) throws {
    guard let handle, !tensors.isEmpty else { return }
    let succeeded = withExtendedLifetime(tensors) {
      ctorch_group_sum(handle, tensors.map { $0.handle as OpaquePointer? }, Int64(tensors.count), patience)
    }
    guard succeeded else { throw Self.failure("another of the \(size) processes has ended, or does not answer") }
  }

  /// The sums of numbers over all processes, exact where all but one of each are zero.
  public func sum(_ values: [Double], patience: Double = usualPatience) throws -> [Double] {
    guard size > 1, !values.isEmpty else { return values }
    let tensor = try Tensor(doubles: values)
    try sum([tensor], patience: patience)
    return try tensor.doubles()
  }

  private static func failure(_ message: String) -> Failure {
    var reason = TorchError.last("process group").reason[...]
    // Gloo puts the line of its source before it, and behind it who is to be asked.
    if reason.hasPrefix("["), let end = reason.firstRange(of: "] ") { reason = reason[end.upperBound...] }
    if let advice = reason.firstRange(of: ". This is typically") { reason = reason[..<advice.lowerBound] }
    return Failure(
      .fault, at: Failure.processGroup, "\(message): \(reason)",
      hint: "the process that ended first says why; the command goes on with --resume")
  }
}

extension Failure {
  package static let processGroup = Location(field: "process group")

  /// Whether another process of the group has ended, or was not there.
  public var isLossOfProcess: Bool { kind == .fault && location == Self.processGroup }
}
