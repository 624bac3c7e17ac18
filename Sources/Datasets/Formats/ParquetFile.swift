import Basics
import CParquet
import Foundation

/// The text columns of a Parquet file, read through Apache Arrow C++ on the calling thread.
///
/// Plain, large, view and dictionary-encoded strings, integers (as decimal text) and columns of nothing but nulls are
/// read; any compression that the installed Arrow has. Columns that nobody asks for are never decoded.
public final class ParquetFile {
  /// One column: a text for each row, nil where the value is null.
  public struct Column: Sendable {
    public enum Kind: Sendable { case text, integer, null }
    public var kind: Kind
    public var values: [String?]
  }

  public let path: String
  /// The names of the top-level columns, in file order.
  public let columnNames: [String]
  public let rowCount: Int
  private let file: MappedFile
  private let handle: OpaquePointer
  private static let messageCapacity = 512

  /// - Throws: ``Failure`` of kind `missingInput` when the file cannot be read, `badData` when it is no Parquet file.
  public init(path: String) throws {
    self.path = path
    let location = Location(file: path)
    let file = try MappedFile(path: path)
    guard file.bytes.count > 0 else { throw Failure(.badData, at: location, "the file is empty") }
    var message = [CChar](repeating: 0, count: Self.messageCapacity)
    guard let handle = cparquet_open(file.bytes.baseAddress, file.bytes.count, &message, message.count) else {
      throw Failure(
        .badData, at: location, "not a readable Parquet file: \(Self.text(message))",
        hint: "the file may be cut short; download or write it again")
    }
    self.file = file
    self.handle = handle
    rowCount = Int(cparquet_row_count(handle))
    columnNames = (0..<cparquet_column_count(handle)).map { index in
      cparquet_column_name(handle, index).map { String(cString: $0) } ?? ""
    }
  }

  deinit { cparquet_close(handle) }

  /// The values of a column.
  /// - Throws: ``Failure`` of kind `badData` when the column is not there or appears twice, holds another type, is
  ///   damaged, or a value is not valid UTF-8 (the row is named).
  public func column(_ name: String) throws -> Column {
    let location = Location(file: path, field: name)
    let positions = columnNames.indices.filter { columnNames[$0].utf8.elementsEqual(name.utf8) }
    guard let position = positions.first, let index = Int32(exactly: position) else {
      throw Failure(.badData, at: location, "the column is missing")
    }
    guard positions.count == 1 else { throw Failure(.badData, at: location, "the column appears twice") }
    var column = cparquet_column()
    var message = [CChar](repeating: 0, count: Self.messageCapacity)
    guard cparquet_read_column(handle, index, &column, &message, message.count) else {
      throw Failure(.badData, at: location, "cannot read the column: \(Self.text(message))")
    }
    return Column(kind: Self.kind(column.kind), values: try Self.values(column, at: location))
  }

  private static func kind(_ kind: cparquet_kind) -> Column.Kind {
    switch kind {
    case CPARQUET_INTEGER: .integer
    case CPARQUET_NULL: .null
    default: .text
    }
  }

  private static func values(_ column: cparquet_column, at location: Location) throws -> [String?] {
    guard let offsets = column.offsets, column.count > 0 else { return [] }
    var values: [String?] = []
    values.reserveCapacity(Int(column.count))
    for row in 0..<Int(column.count) {
      guard let valid = column.valid, valid[row] != 0 else {
        values.append(nil)
        continue
      }
      let start = Int(offsets[row])
      let bytes = UnsafeBufferPointer(start: column.bytes.map { $0 + start }, count: Int(offsets[row + 1]) - start)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Failure(.badData, at: location, "row \(row + 1): the text is not valid UTF-8")
      }
      values.append(text)
    }
    return values
  }

  private static func text(_ message: [CChar]) -> String {
    let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // The first line, without what Arrow's own libraries leave behind it.
    return String(text.prefix { !$0.isNewline && $0 != "\u{FFFD}" })
  }
}
