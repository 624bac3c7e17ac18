import Foundation

extension GradientAscent {
  /// SatImp (Yang et al. 2025): −mean p^β₁·(1−p)^β₂·nll. The first factor saturates, the second stresses what matters.
  public static func saturationAndImportance(beta: Double, beta2: Double) -> GradientAscent {
    GradientAscent { exp(-beta * $0) * pow(1 - exp(-$0), beta2) }
  }
}
