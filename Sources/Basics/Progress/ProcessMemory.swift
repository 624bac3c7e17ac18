import Foundation

/// Memory of this process.
public enum ProcessMemory {
  /// The most memory that was resident at one time, in MiB.
  public static var peakMebibytes: Int {
    var usage = rusage()
    #if os(Linux)
      let (whom, unit) = (__rusage_who_t(RUSAGE_SELF.rawValue), 1024)  // kibibytes
    #else
      let (whom, unit) = (RUSAGE_SELF, 1)  // bytes
    #endif
    guard getrusage(whom, &usage) == 0 else { return 0 }
    return usage.ru_maxrss * unit / (1 << 20)
  }
}
