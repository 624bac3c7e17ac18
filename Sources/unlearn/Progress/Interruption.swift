import Foundation
import Synchronization

private let signals = Atomic<Int>(0)

/// Whether the user asked to stop. The first signal lets the current step end and its state be saved; a second one ends
/// the program at once.
enum Interruption {
  static var isRequested: Bool { signals.load(ordering: .relaxed) > 0 }

  private static let numbers = [SIGINT, SIGTERM]

  /// From now on a signal ends the program, as it did before ``watch()``.
  static func stopWatching() {
    for number in numbers { signal(number, SIG_DFL) }
  }

  static func watch() {
    for number in numbers {
      signal(number) { received in
        if signals.add(1, ordering: .relaxed).newValue > 1 { _exit(128 + received) }
      }
    }
  }
}
