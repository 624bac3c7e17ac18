import Reports
import XCTest

final class CurveTests: XCTestCase {
  func testValuesThatCannotBeDrawnLeaveGaps() {
    let values: [Double] = [1, 2, .nan, 3, .infinity, 0, 4]
    let points = values.enumerated().map { Curve.Point(x: Double($0), y: $1) }
    XCTAssertEqual(Curve(points, kind: .linear).runs.map { $0.map(\.y) }, [[1, 2], [3], [0, 4]])
    XCTAssertEqual(Curve(points, kind: .logarithmic).runs.map { $0.map(\.y) }, [[1, 2], [3], [4]])
  }

  func testThinningKeepsPeaksEndsAndOrder() {
    var points = (0..<5000).map { Curve.Point(x: Double($0), y: Double($0 % 7)) }
    points[1234].y = 99
    points[4321].y = -99
    let thinned = Curve(points, kind: .linear).thinned(over: 0...4999, columns: 300).points
    XCTAssertLessThanOrEqual(thinned.count, 4 * 301)
    XCTAssertEqual(thinned.map(\.x), thinned.map(\.x).sorted())
    XCTAssertEqual([thinned.first?.x, thinned.last?.x], [0, 4999])
    XCTAssertTrue(thinned.contains(points[1234]) && thinned.contains(points[4321]))
  }

  func testFewPointsStayAsTheyAre() {
    let curve = Curve((0..<600).map { Curve.Point(x: Double($0), y: 1) }, kind: .linear)
    XCTAssertEqual(curve.thinned(over: 0...599, columns: 300), curve)
  }
}
