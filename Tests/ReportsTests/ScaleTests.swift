import Reports
import XCTest

final class ScaleTests: XCTestCase {
  func testPositions() throws {
    let linear = try XCTUnwrap(Scale(.linear, domain: 0...10, from: 100, to: 0))
    XCTAssertEqual([0, 5, 10].map(linear.position), [100, 50, 0])
    let logarithmic = try XCTUnwrap(Scale(.logarithmic, domain: 0.01...1, from: 0, to: 100))
    XCTAssertEqual(logarithmic.position(0.1), 50, accuracy: 1e-9)
    XCTAssertEqual([-5, 50, .nan, .infinity].map(linear.position), [100, 0, 100, 100])
  }

  func testUnfitDomainsAreRefused() {
    XCTAssertNil(Scale(.linear, domain: 1...1, from: 0, to: 1))
    XCTAssertNil(Scale(.linear, domain: 0...Double.infinity, from: 0, to: 1))
    XCTAssertNil(Scale(.logarithmic, domain: 0...1, from: 0, to: 1))
  }

  func testDomainsAreRoundAndNeverEmpty() {
    XCTAssertEqual(Domain.nice([0.3, 4.7]), 0...5)
    XCTAssertEqual(Domain.nice([.nan, 0.3, .infinity, 4.7]), 0...5)
    XCTAssertEqual(Domain.nice([0]), -1...1)
    XCTAssertNil(Domain.nice([.nan]))
    XCTAssertNil(Domain.nice([-1, 0], kind: .logarithmic))
    XCTAssertEqual(Domain.nice([0.003, 0.4], kind: .logarithmic), 0.002...0.5)
    for constant in [1e-3, 7, -4e20, 1e100, -1e100] {
      let domain = Domain.nice([constant, constant])
      XCTAssertTrue(domain.map { $0.contains(constant) && $0.lowerBound < $0.upperBound } ?? false, "\(constant)")
    }
  }

  func testStepsBeginAtZeroWhereThatIsNear() {
    XCTAssertEqual(Domain.steps([1, 180]), 0...180)
    XCTAssertEqual(Domain.steps([150, 180]), 150...180)
    XCTAssertEqual(Domain.steps([1]), 0...2)
    XCTAssertNil(Domain.steps([]))
  }
}
