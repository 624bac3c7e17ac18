import Evaluation
import XCTest

final class MMLUPromptTests: XCTestCase {
  private let example = MMLUQuestion(question: "What is 2 + 2?", choices: ["3", "4", "5", "6"], answer: 1)
  private let question = MMLUQuestion(question: "Which is odd?", choices: ["8", "6", "4", "9"], answer: 3)

  func testTextAsInTheOriginal() {
    XCTAssertEqual(
      MMLUPrompt.text(subject: "abstract_algebra", examples: [example, example], shots: 1, question: question),
      "The following are multiple choice questions (with answers) about  abstract algebra.\n\n"
        + "What is 2 + 2?\nA. 3\nB. 4\nC. 5\nD. 6\nAnswer: B\n\n" + "Which is odd?\nA. 8\nB. 6\nC. 4\nD. 9\nAnswer:")
  }

  func testSubjects() {
    XCTAssertEqual(MMLUSubject.all.count, 57)
    XCTAssertEqual(Set(MMLUSubject.all).count, 57)
    XCTAssertEqual(MMLUSubject.categories.count, 4)
    XCTAssertEqual(MMLUSubject.categories.reduce(0) { $0 + $1.subcategories.count }, 17)
  }

  func testAccuraciesAreMicroMeans() {
    let results = MMLUResults(
      shots: 5,
      subjects: [
        .init(name: "astronomy", questions: [0, 1, 2], predictions: [0, 1, 2], answers: [0, 1, 3]),
        .init(name: "virology", questions: [0], predictions: [2], answers: [1]),
      ])
    XCTAssertEqual(results.average.value, 0.5)
    XCTAssertEqual(results.categories.first { $0.name == "STEM" }?.value, 2.0 / 3)
    XCTAssertEqual(results.subcategories.first { $0.name == "health" }?.questions, 1)
    XCTAssertEqual(results.json["average_acc"]?.doubleValue, 0.5)
  }
}
