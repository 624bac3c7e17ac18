extension Collection<Double> {
  /// The middle value, or the mean of the two in the middle; nil without values.
  var median: Double? {
    let values = sorted()
    guard !values.isEmpty else { return nil }
    return (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
  }
}
