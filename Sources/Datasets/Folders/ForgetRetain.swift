import Basics

/// The two sets of an unlearning problem.
public struct ForgetRetain: Sendable {
  public var forget: [Row]
  public var retain: [Row]
  /// The files the rows are from, for the record of a run.
  public var forgetFiles: DataFiles
  public var retainFiles: DataFiles

  /// Both sets from one folder.
  public static func read(folder path: String, split: DataSplit = .train) throws -> ForgetRetain {
    let folder = try DatasetFolder(path: path)
    let (forget, retain) = (try folder.files(.forget, split), try folder.files(.retain, split))
    return ForgetRetain(
      forget: try RowReader.read(forget.paths), retain: try RowReader.read(retain.paths), forgetFiles: forget,
      retainFiles: retain)
  }
}
