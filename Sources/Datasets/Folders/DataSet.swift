/// Which side of an unlearning problem a set of rows is on.
public enum DataSide: String, Sendable, CaseIterable {
  case forget, retain

  var other: DataSide { self == .forget ? .retain : .forget }
}

/// Which part of the data a set of rows is.
public enum DataSplit: String, Sendable, CaseIterable {
  case train, validation
}

/// The files of one set of rows: one file, or the shards of one set in order.
public struct DataFiles: Sendable, Equatable {
  /// `forget_train`, `forget`, or the stem of a file given by name.
  public var name: String
  public var paths: [String]

  public init(name: String, paths: [String]) {
    self.name = name
    self.paths = paths
  }
}
