import Foundation

extension GradientAscent {
  /// WGA (Wang et al. 2025): −mean p^β·nll. Labels that are already unlikely count little.
  public static func weighted(beta: Double) -> GradientAscent { GradientAscent { exp(-beta * $0) } }
}
