import Basics

/// The two sets of an unlearning problem.
public struct ForgetRetain: Sendable {
  public var forget: [Row]
  public var retain: [Row]
  /// The files the rows are from, for the record of a run.
  public var forgetFiles: DataFiles
  public var retainFiles: DataFiles

  /// Rows that are in both sets; a run warns about them, because no model can do both.
  public var overlap: [RowOverlap] { RowOverlap.find(forget: forget, retain: retain) }

  /// Both sets from two paths, each a file or a folder.
  public static func read(
    forget: String, retain: String, split: DataSplit = .train, options: RowReader.Options = .init()
  ) throws -> ForgetRetain {
    try read(
      try DataSource.files(.forget, at: forget, split: split), try DataSource.files(.retain, at: retain, split: split),
      options)
  }

  /// Both sets from one folder.
  public static func read(
    folder path: String, split: DataSplit = .train, options: RowReader.Options = .init()
  ) throws -> ForgetRetain {
    let folder = try DatasetFolder(path: path)
    return try read(try folder.files(.forget, split), try folder.files(.retain, split), options)
  }

  private static func read(
    _ forget: DataFiles, _ retain: DataFiles, _ options: RowReader.Options
  ) throws -> ForgetRetain {
    ForgetRetain(
      forget: try RowReader.read(forget.paths, options: options),
      retain: try RowReader.read(retain.paths, options: options), forgetFiles: forget, retainFiles: retain)
  }
}
