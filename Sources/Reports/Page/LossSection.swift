/// Losses and learning rate against the step.
enum LossSection {
  static func view(_ steps: [RunReport.Step]) -> SectionView? {
    let ordered = steps.enumerated().sorted { ($0.element.step, $0.offset) < ($1.element.step, $1.offset) }
      .map(\.element)
    func points(_ value: (RunReport.Step) -> Double?) -> [Curve.Point] {
      ordered.compactMap { step in value(step).map { Curve.Point(x: Double(step.step), y: $0) } }
    }
    let losses = [
      LineChart.Series(name: "forget set", style: .forget, points: points(\.forgetLoss)),
      LineChart.Series(name: "retain set", style: .retain, points: points(\.retainLoss)),
    ].filter { !$0.points.isEmpty }
    let rates = LineChart.Series(name: "learning rate", style: .green, points: points(\.learningRate))
    let rollbacks = ordered.filter(\.rolledBack)
    let kind = lossKind(losses.flatMap(\.points).map(\.y))
    var panels: [LineChart.Panel] = []
    if !losses.isEmpty {
      panels.append(
        .init(
          title: "loss (nats per token\(kind == .logarithmic ? ", log scale)" : ")")", kind: kind, height: 230,
          series: losses))
    }
    if !rates.points.isEmpty {
      panels.append(.init(title: "learning rate (log scale)", kind: .logarithmic, height: 92, series: [rates]))
    }
    let chart = LineChart(
      id: "losses", title: "Losses and learning rate against the step", description: description(losses, ordered),
      horizontalTitle: "step", panels: panels, marks: rollbacks.map { Double($0.step) }, markName: "rolled back")
    guard let figure = FigureView("Loss at each step", chart.drawing(), isWide: true, caption: caption(ordered))
    else { return nil }
    return SectionView(heading: "Training", figures: [figure])
  }

  /// A logarithmic axis where a linear one would hide the smaller of the losses.
  private static func lossKind(_ values: [Double]) -> Scale.Kind {
    let drawable = values.filter { Scale.isDrawable($0, .linear) }
    guard let low = drawable.min(), let high = drawable.max(), low >= 1e-6, high / low > 100 else { return .linear }
    return .logarithmic
  }

  private static func description(_ losses: [LineChart.Series], _ steps: [RunReport.Step]) -> String {
    let parts = losses.compactMap { series -> String? in
      let finite = series.points.filter { $0.y.isFinite }
      guard let first = finite.first, let last = finite.last else { return nil }
      return "\(series.name): from \(NumberText.decimal(first.y)) to \(NumberText.decimal(last.y))"
    }
    return (["\(NumberText.grouped(steps.count)) steps"] + parts).joined(separator: "; ") + "."
  }

  private static func caption(_ steps: [RunReport.Step]) -> String? {
    let undone = steps.count { $0.rolledBack }
    let broken = steps.count { step in
      [step.forgetLoss, step.retainLoss, step.learningRate].contains { $0.map { !$0.isFinite } ?? false }
    }
    var parts: [String] = []
    if undone > 0 {
      parts.append("\(counted(undone)) left the retain budget and \(undone == 1 ? "was" : "were") undone.")
    }
    if broken > 0 { parts.append("\(counted(broken)) with a value that is not finite: left out.") }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  private static func counted(_ count: Int) -> String { NumberText.grouped(count) + (count == 1 ? " step" : " steps") }
}
