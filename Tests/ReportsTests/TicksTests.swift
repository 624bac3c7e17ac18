import Reports
import XCTest

final class TicksTests: XCTestCase {
  private func labels(_ domain: ClosedRange<Double>, whole: Bool = false) -> [String] {
    Ticks.linear(domain, about: 5, whole: whole).map(\.label)
  }

  func testLinearTicksAreRound() {
    XCTAssertEqual(labels(0...1), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    XCTAssertEqual(labels(0...5), ["0", "1", "2", "3", "4", "5"])
    XCTAssertEqual(labels(1...180), ["50", "100", "150"])
    XCTAssertEqual(labels(-1...1), ["−1.0", "−0.5", "0", "0.5", "1.0"])
    XCTAssertEqual(labels(0...0.05), ["0", "0.01", "0.02", "0.03", "0.04", "0.05"])
    XCTAssertEqual(labels(0...150_000), ["0", "50 k", "100 k", "150 k"])
    XCTAssertEqual(labels(0...2_500_000), ["0", "0.5 M", "1.0 M", "1.5 M", "2.0 M", "2.5 M"])
    XCTAssertEqual(labels(0...2e-5).last, "2×10⁻⁵")
  }

  func testCountsHaveNoTicksBetweenWholeNumbers() {
    XCTAssertEqual(labels(0...2, whole: true), ["0", "1", "2"])
    XCTAssertEqual(labels(0.2...0.8, whole: true), [])
  }

  func testLogarithmicTicksArePowersOfTen() {
    func labels(_ domain: ClosedRange<Double>, _ limit: Int = 5) -> [String] {
      Ticks.logarithmic(domain, atMost: limit).map(\.label)
    }
    XCTAssertEqual(labels(1...10), ["1", "2", "5", "10"])
    XCTAssertEqual(labels(0.001...0.1), ["0.001", "0.005", "0.01", "0.05", "0.1"])
    XCTAssertEqual(labels(1e-6...1e-3), ["10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³"])
    XCTAssertEqual(labels(1e-12...1), ["10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "10⁰"])
  }

  func testAnyDomainGivesFewTicks() {
    for domain in [0...1e100, -1e100...1e100, 0...Double.leastNonzeroMagnitude, 1...1.0000001, 1e15...1e15 + 2] {
      XCTAssertLessThan(Ticks.linear(domain).count, 20, "\(domain)")
    }
    XCTAssertLessThanOrEqual(Ticks.logarithmic(1e-100...1e100).count, 5)
  }
}
