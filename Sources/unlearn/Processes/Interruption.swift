import Basics
import Foundation
import Synchronization

private let signals = Atomic<Int>(0)
private let isPauseWanted = Atomic<Bool>(false)
/// Where a handler tells the thread that ends the program which signal came.
private let wakeUp = Atomic<Int32>(-1)

/// In a handler: wakes the thread that ends the program.
private func end(_ received: Int32) {
  var byte = UInt8(truncatingIfNeeded: received)
  if write(wakeUp.load(ordering: .relaxed), &byte, 1) < 1 { _exit(128 + received) }
}

/// What a signal does: ends the program at once, or, where a command can go on later, asks it to stop.
enum Interruption {
  /// Whether the user asked to stop, since ``watch()``.
  static var isRequested: Bool { requests > 0 }

  /// How often the user asked to stop, since ``watch()`` or ``count()``.
  static var requests: Int { signals.load(ordering: .relaxed) }

  /// SIGHUP is what a terminal that closes sends.
  private static let numbers = [SIGINT, SIGTERM, SIGHUP]

  /// From now on the first signal lets the current step end and its state be saved; a second one ends the program.
  static func watch() {
    handleAll { received in
      if signals.add(1, ordering: .relaxed).newValue > 1 { end(received) }
    }
  }

  /// From now on signals are counted, for a program that passes them on; that of a terminal's ^Z too.
  static func count() {
    handleAll { _ in signals.add(1, ordering: .relaxed) }
    handle(SIGTSTP, evenIfIgnored: false) { _ in isPauseWanted.store(true, ordering: .relaxed) }
  }

  /// Whether ^Z was typed since this was last asked.
  static func takePause() -> Bool { isPauseWanted.exchange(false, ordering: .relaxed) }

  private static func handleAll(_ handler: @escaping @convention(c) (Int32) -> Void) {
    // A script's `&` ignores SIGINT, and `kill -INT` is meant all the same; SIGHUP is ignored under `nohup`.
    for number in numbers { handle(number, evenIfIgnored: number != SIGHUP, handler) }
  }

  /// From now on a signal ends the program at once, and what was being written aside goes with it.
  static func endAtOnce() {
    guard wakeUp.load(ordering: .relaxed) >= 0 || startThread() else { return }
    for number in numbers { handle(number, evenIfIgnored: false) { end($0) } }
  }

  private static func handle(
    _ number: Int32, evenIfIgnored: Bool, _ handler: @escaping @convention(c) (Int32) -> Void
  ) {
    let before = signal(number, handler)
    guard !evenIfIgnored else { return }
    if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
  }

  /// Removing files is more than a handler may do, so that a thread does it.
  private static func startThread() -> Bool {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return false }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    wakeUp.store(ends[1], ordering: .relaxed)
    let reader = ends[0]
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while read(reader, &byte, 1) < 1 {}
      Aside.removeAll()
      signal(Int32(byte), SIG_DFL)
      kill(getpid(), Int32(byte))
    }
    return true
  }
}
