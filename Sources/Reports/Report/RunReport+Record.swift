extension RunReport {
  /// What is needed to repeat the run, and how it went.
  public struct Record: Sendable, Equatable {
    /// A key and its value, such as a setting or a library's version.
    public struct Entry: Sendable, Equatable {
      public var name: String
      public var value: String

      public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
      }
    }

    /// A file that the run has read.
    public struct FileHash: Sendable, Equatable {
      public var path: String
      /// Hexadecimal.
      public var sha256: String

      public init(path: String, sha256: String) {
        self.path = path
        self.sha256 = sha256
      }
    }

    /// How long one part took.
    public struct Duration: Sendable, Equatable {
      public var name: String
      public var seconds: Double

      public init(_ name: String, seconds: Double) {
        self.name = name
        self.seconds = seconds
      }
    }

    public var configuration: [Entry] = []
    public var versions: [Entry] = []
    /// The program and its arguments.
    public var command: [String] = []
    public var seed: Int?
    public var hashes: [FileHash] = []
    public var warnings: [String] = []
    public var stopReason: String?
    /// As text, such as `2025-03-01 12:00 UTC`.
    public var started: String?
    public var finished: String?
    public var durations: [Duration] = []
    public var peakMemoryBytes: Int?

    public init() {}
  }
}
