import LanguageModels
import Torch

/// Bounded forgetting: a row whose mean loss has reached the bound has been forgotten and is let go, so that L_F is the
/// mean over the label tokens of the rows below it.
///
/// Without a bound the loss of rows long forgotten keeps growing, and what it costs is paid by everything else. A bound
/// near the loss of text that the model has never seen ends a row where a model without it would stand.
package struct ForgetBound {
  /// Mean loss of a row, in nats a token; nil lets no row go.
  package let limit: Double?

  package init(limit: Double?) { self.limit = limit }

  /// The loss of one packed pass: the sum over the labels of active rows (for the gradient), their number, and how many
  /// rows are active.
  package struct Pass {
    package let activeSum: Tensor
    package let activeLabels: Int
    package let activeRows: Int
    /// Sum over all labels.
    package let sum: Double
  }

  package func apply(_ losses: Tensor, _ batch: SampleBatch) throws -> Pass {
    guard let limit else {
      let sum = try losses.sum()
      return Pass(
        activeSum: sum, activeLabels: batch.labelCount, activeRows: batch.rows.rowCount, sum: try sum.item())
    }
    let values = try losses.detached().floats()
    var sums = [Double](repeating: 0, count: batch.rows.rowCount)
    var counts = [Int](repeating: 0, count: batch.rows.rowCount)
    for (value, row) in zip(values, batch.rowOfLabel) {
      sums[row] += Double(value)
      counts[row] += 1
    }
    let isActive = zip(sums, counts).map { sum, count in count > 0 && sum < limit * Double(count) }
    let mask = batch.rowOfLabel.map { isActive[$0] ? Float(1) : 0 }
    return Pass(
      activeSum: try losses.multiplied(by: Tensor(mask, shape: [mask.count])).sum(),
      activeLabels: batch.rowOfLabel.count { isActive[$0] }, activeRows: isActive.count { $0 },
      sum: sums.reduce(0, +))
  }
}
