import XCTest

final class DoctorTests: XCTestCase {
  /// Also where bfloat16 has no instructions, and a large product of it would take minutes.
  func testMeasuresForSecondsOnly() throws {
    let start = Date()
    XCTAssertEqual(try Program.run("doctor").status, 0)
    XCTAssertLessThan(Date().timeIntervalSince(start), 30)
  }

  func testSaysWhatTheProgramRunsOnAndHowFastItMultiplies() throws {
    let result = try Program.run("doctor")
    XCTAssertEqual(result.status, 0, result.errors)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    XCTAssertTrue(lines.first?.hasPrefix("LibTorch  ") ?? false, result.output)
    XCTAssertTrue(
      lines.contains { $0.hasPrefix("loaded from  ") && $0.contains("/") && $0.contains("torch") }, result.output)
    XCTAssertEqual(lines.last, "", "no newline at the end")
    XCTAssertFalse(lines.dropLast().contains(""), result.output)
    for name in ["float32", "bfloat16"] {
      let line = lines.first { $0.hasPrefix("\(name) matrix product") }
      let speed = line?.split(separator: " ").compactMap { Double($0) }.first
      XCTAssertGreaterThan(try XCTUnwrap(speed, name), 0)
    }
  }
}
