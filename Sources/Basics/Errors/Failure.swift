/// The one error type that reaches a user: what failed, where, what was expected, what was found, and what to do.
///
/// Every library throws this for anything that a user supplies; the command line prints ``description`` and ends with
/// ``Kind/exitCode``.
public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The class of a failure, and with it the exit code of the process (sysexits.h).
  public enum Kind: Sendable, Equatable {
    /// The command line or configuration is wrong (64).
    case usage
    /// A file's content is wrong (65).
    case badData
    /// A file or folder is not there or cannot be read (66).
    case missingInput
    /// A fault of this program or of LibTorch (70).
    case fault
    /// An output cannot be written (73).
    case cannotWrite
    /// Stopped by a signal or a time budget; the run can be resumed (75).
    case stopped

    public var exitCode: Int32 {
      switch self {
      case .usage: 64
      case .badData: 65
      case .missingInput: 66
      case .fault: 70
      case .cannotWrite: 73
      case .stopped: 75
      }
    }
  }

  public var kind: Kind
  public var location: Location
  public var message: String
  public var hint: String?

  public init(_ kind: Kind, at location: Location = Location(), _ message: String, hint: String? = nil) {
    self.kind = kind
    self.location = location
    self.message = message
    self.hint = hint
  }

  /// A value of the wrong kind: `expected` and `found` are noun phrases ("a string", "the number 3").
  public static func mismatch(
    _ kind: Kind = .badData, at location: Location, expected: String, found: String, hint: String? = nil
  ) -> Failure {
    Failure(kind, at: location, "expected \(expected), found \(found)", hint: hint)
  }

  /// `file:line: field: message` and a second line `hint: …`.
  public var description: String {
    let place = location.description.printable
    let text = message.printable
    return "\(place.isEmpty ? text : "\(place): \(text)")\nhint: \(advice.printable)"
  }
}
