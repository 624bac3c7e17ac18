import Basics
import Foundation

/// How MUSE asks a question and where it ends the answer.
enum MUSEPrompt {
  /// Where a model that goes on to a next question of its own is cut, in this order.
  static let ends = ["\n\n", "\nQuestion", "Question:"]

  /// `Question: …⏎Answer: …⏎⏎` for each example.
  static func examples(_ examples: [MUSEQuestion], shots: Int, side: String) throws -> String {
    guard examples.count >= shots else {
      throw Failure.mismatch(
        at: Location(field: "knowmem/\(side)_qa_icl"), expected: "at least \(shots) examples",
        found: "\(examples.count)", hint: "add examples, or ask for fewer shots")
    }
    return examples.prefix(shots).map { "Question: \($0.question)\nAnswer: \($0.answer)\n\n" }.joined()
  }

  static func question(_ question: String) -> String { "Question: \(question)\nAnswer: " }

  /// What stands before the first of ``ends``.
  static func cut(_ answer: String) -> String {
    ends.reduce(answer) { text, end in
      text.range(of: end, options: .literal).map { String(text[..<$0.lowerBound]) } ?? text
    }
  }
}
