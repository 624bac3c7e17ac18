import Basics
import Datasets
import XCTest

final class DataDescriptionTests: XCTestCase {
  func testOfficialCounts() throws {
    let folder = try sharedData("semeval")
    let description = try DataDescription.read(folder)
    XCTAssertEqual(
      description.countTable.text,
      """
      rows               Task1  Task2  Task3  total
      ─────────────────  ─────  ─────  ─────  ─────
      forget_train         166    642    304   1112
      retain_train         206    612    318   1136
      forget_validation     48    138     68    254
      retain_validation     54    150     74    278

      """)
    XCTAssertEqual(description.sets.map(\.total.sentenceCompletions), [342, 364, 81, 89])
    XCTAssertEqual(description.sets.map(\.total.questionAnswers), [770, 772, 173, 189])
    XCTAssertEqual(description.sets.map(\.total.documents), [342, 364, 81, 89])
  }

  func testTokensByNearestRank() throws {
    let rows = (1...10).map { Row(id: "d\($0)qa0", input: String(repeating: "x", count: $0), output: "é", task: nil) }
    let description = DataDescription(sets: [("set", rows)]) { $0.unicodeScalars.count }
    let total = try XCTUnwrap(description.sets.first?.total)
    XCTAssertEqual(total.characters, 65)
    XCTAssertEqual(total.tokens?.mean, 6.5)
    XCTAssertEqual(total.tokens?.median, 6)
    XCTAssertEqual(total.tokens?.percentile90, 10)
    XCTAssertEqual(total.tokens?.maximum, 11)
    XCTAssertEqual(description.taskNames, [DataDescription.noTask])
    XCTAssertTrue(description.text.contains("6.5"), description.text)
    let json = description.jsonValue.objectValue?["sets"]?.arrayValue?.first?.objectValue?["total"]?.objectValue
    XCTAssertEqual(json?["tokens"]?.objectValue?["p90"], 10)
    XCTAssertEqual(json?["question_answers"], 10)
  }
}
