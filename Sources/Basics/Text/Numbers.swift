import Foundation

/// `3.142` for (π, 3): the same on every locale.
public func fixed(_ value: Double, _ digits: Int) -> String {
  value.isFinite ? String(format: "%.\(digits)f", value) : String(value)
}

/// `3.1e-04`.
public func scientific(_ value: Double) -> String { value.isFinite ? String(format: "%.1e", value) : String(value) }
