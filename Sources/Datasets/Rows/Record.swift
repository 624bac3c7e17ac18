import Basics

/// Where a record stands in its file: at a line, or in formats without lines at a row; both count from 1.
enum RecordPosition: Sendable, Equatable {
  case line(Int)
  case row(Int)

  var line: Int? { if case .line(let number) = self { number } else { nil } }

  var name: String {
    switch self {
    case .line(let number): "line \(number)"
    case .row(let number): "row \(number)"
    }
  }

  /// A failure here: the line goes into the location, a row into the message.
  func failure(_ path: String, field: String? = nil, _ message: String, hint: String? = nil) -> Failure {
    let location = Location(file: path, line: line, field: field)
    let text = if case .row = self { "\(name): \(message)" } else { message }
    return Failure(.badData, at: location, text, hint: hint)
  }
}

/// One record of any format before it is known to be a row.
struct Record {
  enum Field {
    case missing
    case null
    case text(String)
    /// An integer, in decimal.
    case integer(String)
    /// Something else: a noun phrase for the error message.
    case other(String)
  }

  var position: RecordPosition
  /// The names of all fields, for error messages.
  var names: [String]
  var field: (String) -> Field
}
