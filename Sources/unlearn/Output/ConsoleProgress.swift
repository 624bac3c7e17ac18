import Basics
import Foundation

/// Progress and log on stderr: a bar with rate and time left on a terminal, plain lines elsewhere, or JSON objects.
final class ConsoleProgress: ProgressObserver {
  enum Format: String, CaseIterable {
    case text, json
  }

  private struct Work {
    let name: String
    let total: Int?
    let unit: String
    let doneBefore: Int
    let start = Date()
    /// Those from before too.
    var done: Int
    var shownAt = Date.distantPast
    var wasShown = false
  }

  /// Work that takes less is not shown.
  private static let patience = 2.0
  private let level: LogLevel
  private let format: Format
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var work: Work?

  init(level: LogLevel, format: Format) {
    self.level = level
    self.format = format
  }

  func begin(_ task: String, total: Int?, done: Int, unit: String) {
    work = Work(name: task, total: total, unit: unit, doneBefore: done, done: done)
  }

  func advance(by count: Int, detail: String?) {
    guard var current = work else { return }
    current.done += count
    let interval = isTerminal && format == .text ? 0.1 : 10
    if Date().timeIntervalSince(current.start) >= Self.patience,
      Date().timeIntervalSince(current.shownAt) >= interval
    {
      current.shownAt = Date()
      current.wasShown = true
      show(current, detail)
    }
    work = current
  }

  func finish() {
    guard let current = work else { return }
    work = nil
    guard current.wasShown, level <= .info else { return }
    let seconds = Date().timeIntervalSince(current.start)
    clearLine()
    log(.info, "\(current.name): \(current.done - current.doneBefore) \(current.unit) in \(duration(seconds))")
  }

  func log(_ level: LogLevel, _ message: String) {
    guard level >= self.level else { return }
    clearLine()
    switch format {
    case .text: write("\(level == .info ? "" : "\(level.rawValue): ")\(message)\n")
    case .json:
      let object = JSONObject([("level", .string(level.rawValue)), ("message", .string(message))])
      write(JSONValue.object(object).text() + "\n")
    }
  }

  private func show(_ work: Work, _ detail: String?) {
    guard level <= .info else { return }
    let seconds = Date().timeIntervalSince(work.start)
    let rate = Double(work.done - work.doneBefore) / max(seconds, 1e-9)
    let left = work.total.map { rate > 0 ? Double(max(0, $0 - work.done)) / rate : 0 }
    if format == .json {
      var object = JSONObject([
        ("level", "info"), ("task", .string(work.name)), ("done", .integer(work.done)), ("unit", .string(work.unit)),
        ("rate", .number(rate)),
      ])
      object["total"] = work.total.map(JSONValue.integer)
      object["seconds_left"] = left.map(JSONValue.number)
      write(JSONValue.object(object).text() + "\n")
      return
    }
    let count = work.total.map { "\(work.done)/\($0)" } ?? "\(work.done)"
    let tail = [
      "\(count) \(work.unit)", "\(fixed(rate, rate < 10 ? 2 : 0))/s", left.map { "\(duration($0)) left" }, detail,
    ].compactMap { $0 }.joined(separator: ", ")
    if isTerminal {
      let width = 24
      let filled = work.total.map { $0 > 0 ? min(width, work.done * width / $0) : width } ?? 0
      let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
      write("\r\u{1B}[K\(work.name) \(bar) \(tail)")
    } else {
      write("\(work.name): \(tail)\n")
    }
  }

  private func clearLine() {
    if isTerminal, format == .text, work?.wasShown == true { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) { StandardError.write(text) }

  private func duration(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 1e9).rounded())
    if whole >= 3600 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
    if whole >= 60 { return "\(whole / 60) min \(whole % 60) s" }
    return seconds < 10 ? "\(fixed(seconds, 1)) s" : "\(whole) s"
  }
}
