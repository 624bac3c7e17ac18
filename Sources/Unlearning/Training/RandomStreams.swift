import Basics

/// Streams of random numbers for named purposes, all from the run's one seed.
enum RandomStreams {
  static func stream(_ seed: Int, _ purpose: String) -> RandomStream {
    RandomStream(seed: UInt64(bitPattern: Int64(seed)), purpose: purpose)
  }
}
