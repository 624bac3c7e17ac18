/// Where the libraries tell what they are doing; they never print. The command line draws bars on a terminal and plain
/// lines elsewhere.
public protocol ProgressObserver: AnyObject {
  /// A piece of work begins. `total` counts `unit`s ("rows", "steps", "bytes"); nil when it is not known. `done` of them
  /// were done before, in an earlier session.
  func begin(_ task: String, total: Int?, done: Int, unit: String)
  /// `count` more units of the current work are done; `detail` is a short state such as `loss 0.31`.
  func advance(by count: Int, detail: String?)
  /// The current work is done.
  func finish()
  /// A message for the log.
  func log(_ level: LogLevel, _ message: String)
}

extension ProgressObserver {
  /// A piece of work of which nothing is done yet.
  public func begin(_ task: String, total: Int?, unit: String) { begin(task, total: total, done: 0, unit: unit) }
}

public enum LogLevel: String, Sendable, Comparable, CaseIterable {
  case debug, info, warning, error

  public static func < (left: LogLevel, right: LogLevel) -> Bool {
    let order = allCases
    return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
  }
}

/// Says nothing.
public final class SilentObserver: ProgressObserver {
  public init() {}
  public func begin(_ task: String, total: Int?, done: Int, unit: String) {}
  public func advance(by count: Int, detail: String?) {}
  public func finish() {}
  public func log(_ level: LogLevel, _ message: String) {}
}
