import Foundation
import Synchronization

private let signals = Atomic<Int>(0)

/// Whether the user asked to stop. The first signal lets the current step end and its state be saved; a second one ends
/// the program at once.
enum Interruption {
  static var isRequested: Bool { signals.load(ordering: .relaxed) > 0 }

  static func watch() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { received in
        if signals.add(1, ordering: .relaxed).newValue > 1 { _exit(128 + received) }
      }
    }
  }
}
